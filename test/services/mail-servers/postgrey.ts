import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.js';
import { ServerProcess } from './server-process.js';

/** Starts a greylist that refuses every recipient for the first `seconds`. */
export async function startPostgrey(
  directory: string,
  home: string,
  seconds: number,
): Promise<ServerProcess> {
  const root = join(directory, 'root');
  const [data, nobody, port] = [join(home, 'greylist'), join(home, 'nobody'), await freePort()];
  mkdirSync(data);
  // The user daemon, which every Debian has.
  chownSync(data, 1, 1);
  writeFileSync(nobody, '');
  const postgrey = new ServerProcess(
    [
      'perl',
      '-T',
      ...['share/perl5', 'lib/x86_64-linux-gnu/perl5/5.36'].map((path) => `-I${join(root, 'usr', path)}`),
      join(root, 'usr/sbin/postgrey'),
      `--inet=127.0.0.1:${port}`,
      `--delay=${seconds}`,
      `--dbdir=${data}`,
      '--user=daemon',
      '--group=daemon',
      '--auto-whitelist-clients=0',
      `--whitelist-clients=${nobody}`,
      `--whitelist-recipients=${nobody}`,
    ],
    {},
    port,
  );
  await postgrey.start();
  return postgrey;
}
