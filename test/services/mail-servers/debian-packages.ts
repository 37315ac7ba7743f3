import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getuid } from 'node:process';

/** Postfix and Exim cannot be installed together, but they can run from separate directories. */
const packages = [
  'postfix',
  'exim4-daemon-light',
  'postgrey',
  // Dependencies that a plain Debian lacks.
  'libidn12',
  'libnsl2',
  'libsasl2-2',
  'libicu72',
  'libgnutls-dane0',
  'libdb5.3',
  // For postgrey.
  'libnet-server-perl',
  'libio-multiplex-perl',
  'libberkeleydb-perl',
  'libnetaddr-ip-perl',
  'libnet-dns-perl',
  // Lets Exim find its user without an entry in /etc/passwd.
  'libnss-wrapper',
];

/**
 * Unpacks the mail servers of Debian 12 into a new directory, installs nothing, and returns the directory. Throws one
 * sentence when it cannot.
 */
export function unpackMailServers(): string {
  if (getuid?.() !== 0) throw new Error('the mail servers need root, to deliver as other users');
  // In /tmp, not TMPDIR: other users must be able to read it.
  const directory = mkdtempSync(join(tmpdir(), 'mail-servers-'));
  const [archives, root] = [join(directory, 'archives'), join(directory, 'root')];
  mkdirSync(archives);
  mkdirSync(root);
  execFileSync('chmod', ['755', directory]);
  const quiet = { cwd: archives, stdio: 'pipe', timeout: 120_000 } as const;
  try {
    execFileSync('apt-get', ['download', ...packages], quiet);
    for (const archive of readdirSync(archives)) execFileSync('dpkg', ['-x', archive, root], quiet);
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    const why =
      stderr
        ?.toString()
        .split('\n')
        .find((line) => line.startsWith('E:')) ?? message.split('\n', 1)[0];
    execFileSync('rm', ['-rf', directory]);
    throw new Error(`Debian's packages of Postfix, Exim and postgrey cannot be had: ${why ?? ''}`, {
      cause: error,
    });
  }
  return directory;
}
