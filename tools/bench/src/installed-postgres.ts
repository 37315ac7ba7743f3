import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

export interface RunningPostgres {
  readonly url: string;
  /** Stops the server and starts it again on the same port and data. Resolves once it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const howToInstall =
  'PostgreSQL server is missing: apt-get install postgresql, or name one in TEST_DATABASE_URL for tests, in DATABASE_URL for the bench.';

/**
 * Starts a PostgreSQL server on a free port with an empty data directory, from the installed programs. Throws with
 * instructions to install them. PostgreSQL refuses to run as root, so root becomes the user postgres for it.
 */
export async function startPostgres(): Promise<RunningPostgres> {
  const bin = findPrograms();
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-postgres-'));
  const user = process.getuid?.() === 0 ? idsOf('postgres') : undefined;
  if (user) chownSync(directory, user.uid, user.gid);
  chmodSync(directory, 0o700);
  const data = join(directory, 'data');
  const options = { ...user, stdio: 'ignore' } as const;
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'gatehouse', '-A', 'trust', '--no-sync', '-E', 'UTF8'],
    options,
  );
  const port = await freePort();
  const settings = [
    '-c',
    'fsync=off',
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${directory}`,
  ];
  // A server whose own time zone is not UTC reveals every place that relies on it.
  const program = join(bin, 'postgres');
  const args = ['-D', data, '-p', String(port), '-c', 'timezone=Asia/Tokyo', ...settings];
  let server = spawn(program, args, options);
  const url = `postgresql://gatehouse@127.0.0.1:${port}/postgres`;
  await untilAnswers(url);
  return {
    url,
    async restart() {
      await ended(server);
      server = spawn(program, args, options);
      await untilAnswers(url);
    },
    async stop() {
      await ended(server);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Waits for the server to exit. Ctrl-C in a terminal also reaches it, so it may already have stopped. */
async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const stopped = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  await stopped;
}

function findPrograms(): string {
  const candidates = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];
  try {
    const bin = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
    if (existsSync(join(bin, 'initdb'))) return bin;
  } catch {
    // Not on the path; searched for below.
  }
  const found = candidates.filter((path) => existsSync(path));
  throw new Error(found.length > 0 ? `${howToInstall} (looked in ${found.join(', ')})` : howToInstall);
}

function idsOf(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function untilAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch {
      await delay(100);
    }
  }
  throw new Error('PostgreSQL did not answer within 10 s');
}
