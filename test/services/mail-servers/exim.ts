import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.js';
import { domains, type MailServer } from './postfix.js';
import { ServerProcess } from './server-process.js';

/** The id of the user daemon, which every Debian has. */
const daemon = 1;

export interface EximOptions {
  /** Retries undelivered mail every two seconds; otherwise it stays in the queue. */
  readonly runsQueue: boolean;
  /** The number of mails per session before Exim closes it with 421; otherwise Exim's own limits. */
  readonly mailsPerSession?: number;
  /** The port of a policy service that greylists. */
  readonly greylist?: number;
}

/**
 * Starts Exim with its own configuration, spool and port. It offers STARTTLS with a self-made certificate, its default
 * without a configured one.
 */
export async function startExim(directory: string, home: string, options: EximOptions): Promise<MailServer> {
  const libraries = join(directory, 'root/usr/lib/x86_64-linux-gnu');
  const program = join(directory, 'root/usr/sbin/exim4');
  const [mailbox, port] = [join(home, 'mails'), await freePort()];
  for (const path of [mailbox, join(home, 'spool'), join(home, 'log')]) {
    mkdirSync(path);
    chownSync(path, daemon, daemon);
  }
  const names = (file: string, own: string) =>
    writeFileSync(join(home, file), `${own}\n${readFileSync(`/etc/${file}`, 'utf8')}`);
  names('passwd', `Debian-exim:x:${daemon}:${daemon}::/nonexistent:/usr/sbin/nologin`);
  names('group', `Debian-exim:x:${daemon}:`);
  writeFileSync(join(home, 'exim.conf'), configuration(home, port, options));
  const process = new ServerProcess(
    [program, '-C', join(home, 'exim.conf'), '-bdf', ...(options.runsQueue ? ['-q2s'] : [])],
    {
      LD_LIBRARY_PATH: libraries,
      LD_PRELOAD: join(libraries, 'libnss_wrapper.so'),
      NSS_WRAPPER_PASSWD: join(home, 'passwd'),
      NSS_WRAPPER_GROUP: join(home, 'group'),
    },
    port,
  );
  await process.start();
  return { process, mailbox, queue: [join(home, 'spool', 'input')] };
}

const configuration = (home: string, port: number, { mailsPerSession, greylist }: EximOptions) => `
exim_user = daemon
exim_group = daemon
deliver_drop_privilege = true
spool_directory = ${home}/spool
log_file_path = ${home}/log/%slog
pid_file_path = ${home}/pid
primary_hostname = exim.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
tls_advertise_hosts = *
${mailsPerSession === undefined ? '' : `smtp_accept_max_per_connection = ${mailsPerSession}`}
acl_smtp_rcpt = recipient
begin acl
recipient:
${greylist === undefined ? '' : greylisting(greylist)}
  accept domains = ${domains.join(' : ')}
begin routers
all:
  driver = accept
  transport = maildir
begin transports
maildir:
  driver = appendfile
  maildir_format
  directory = ${home}/mails
  create_directory
`;

/** Configures a check by a policy service of Postfix, by its protocol. */
const greylisting = (port: number) => `
  defer message = greylisted
    condition = \${if match{\${readsocket{inet:127.0.0.1:${port}}{request=smtpd_access_policy\\n\\
      protocol_state=RCPT\\nclient_address=$sender_host_address\\nclient_name=localhost\\n\\
      sender=$sender_address\\nrecipient=$local_part@$domain\\n\\
      instance=$sender_host_address/$sender_address/$local_part@$domain\\n\\n}{5s}{}{}}}{DEFER}}
`;
