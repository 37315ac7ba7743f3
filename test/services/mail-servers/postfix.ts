import { chmodSync, chownSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.js';
import { ServerProcess } from './server-process.js';

/** Ids of the users daemon, bin and sys, which every Debian has: spool, mailbox and drop must have different ones. */
const [daemon, bin, sys] = [1, 2, 3];

/** The domains for which the servers have mailboxes. */
export const domains = ['example.com', 'xn--bcher-kva.example'];

export interface MailServer {
  readonly process: ServerProcess;
  /** A maildir that receives every mail. */
  readonly mailbox: string;
  /** Directories with mails that are accepted and not delivered yet. */
  readonly queue: readonly string[];
}

/** Starts Postfix with its own configuration, spool and port. `greylist` is the port of a policy service. */
export async function startPostfix(directory: string, home: string, greylist: number): Promise<MailServer> {
  const root = join(directory, 'root');
  const [etc, mails, port] = [join(home, 'etc'), join(home, 'mails'), await freePort()];
  mkdirSync(etc);
  mkdirSync(mails);
  chownSync(mails, bin, bin);
  makeSpool(home);
  cpSync(join(root, 'etc/postfix/dynamicmaps.cf.d'), join(etc, 'dynamicmaps.cf.d'), { recursive: true });
  writeFileSync(join(etc, 'dynamicmaps.cf'), '');
  writeFileSync(join(etc, 'main.cf'), mainCf(root, home, greylist));
  writeFileSync(join(etc, 'master.cf'), masterCf(port));
  const libraries = join(root, 'usr/lib/postfix');
  const process = new ServerProcess(
    [join(libraries, 'sbin/master'), '-c', etc, '-s'],
    { MAIL_CONFIG: etc, LD_LIBRARY_PATH: `${libraries}:${join(root, 'usr/lib/x86_64-linux-gnu')}` },
    port,
  );
  await process.start();
  const queue = ['maildrop', 'incoming', 'active', 'deferred'].map((name) => join(home, 'spool', name));
  return { process, mailbox: join(mails, 'all'), queue };
}

/** Creates what `postfix check` would. */
function makeSpool(home: string): void {
  const queues = [
    'active',
    'bounce',
    'corrupt',
    'defer',
    'deferred',
    'flush',
    'hold',
    'incoming',
    'saved',
    'trace',
  ];
  const make = (name: string, user: number, group: number, mode: number) => {
    const path = join(home, name);
    mkdirSync(path, { recursive: true });
    chownSync(path, user, group);
    chmodSync(path, mode);
  };
  make('data', daemon, daemon, 0o700);
  make('spool', 0, 0, 0o755);
  make('spool/pid', 0, 0, 0o755);
  for (const name of [...queues, 'private']) make(`spool/${name}`, daemon, 0, 0o700);
  make('spool/maildrop', daemon, sys, 0o730);
  make('spool/public', daemon, sys, 0o710);
}

const mainCf = (root: string, home: string, greylist: number) => `
compatibility_level = 3.6
queue_directory = ${home}/spool
data_directory = ${home}/data
meta_directory = ${home}/etc
command_directory = ${root}/usr/sbin
daemon_directory = ${root}/usr/lib/postfix/sbin
shlib_directory = ${root}/usr/lib/postfix
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH
mail_owner = daemon
setgid_group = sys
myhostname = postfix.example
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:${greylist}
# Ends a session by 421 after five refusals, without slowing it down before.
smtpd_soft_error_limit = 100
smtpd_hard_error_limit = 5
smtputf8_enable = no
virtual_mailbox_domains = ${domains.join(', ')}
virtual_mailbox_base = ${home}/mails
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:${bin}
virtual_gid_maps = static:${bin}
virtual_minimum_uid = 1
maillog_file = ${home}/log
maillog_file_prefixes = ${home}
`;

const masterCf = (port: number) => `
127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
