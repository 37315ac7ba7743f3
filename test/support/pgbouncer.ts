import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../support/free-port.js';
import { temporaryDirectory } from './embedded-database.js';

export interface PgBouncer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Tells whether `pgbouncer` can be run: apt-get install pgbouncer. */
export const pgBouncerIsThere = spawnSync('pgbouncer', ['--version']).status === 0;

/** Starts PgBouncer on a free port in front of the database of `url`, with these lines in its section [pgbouncer]. */
export async function startPgBouncer(url: string, lines: readonly string[]): Promise<PgBouncer> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const directory = await temporaryDirectory();
  const own = await freePort();
  const file = join(directory.path, 'pgbouncer.ini');
  const target = `host=${hostname} port=${port} user=${username} password=${password}`;
  const fixed = [`listen_addr = 127.0.0.1`, `listen_port = ${own}`, 'unix_socket_dir =', 'auth_type = any'];
  await writeFile(file, ['[databases]', `* = ${target}`, '[pgbouncer]', ...fixed, ...lines, ''].join('\n'));
  await chmod(directory.path, 0o755);
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('pgbouncer', [...user, file], { stdio: 'ignore' });
  const pooled = `postgresql://${username}@127.0.0.1:${own}${pathname}`;
  await untilListening(own);
  return {
    url: pooled,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      await directory.remove();
    },
  };
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'x', database: 'pgbouncer' });
    const answered = await client.connect().then(
      () => true,
      (error: unknown) => (error as NodeJS.ErrnoException).code !== 'ECONNREFUSED',
    );
    await client.end().catch(() => undefined);
    if (answered) return;
    await delay(50);
  }
  throw new Error('PgBouncer did not listen within 5 s');
}
