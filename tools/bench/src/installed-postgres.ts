import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../measure/src/free-port.js';

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
  const settings = {
    fsync: 'off',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: directory,
    // A server whose own time zone is not UTC reveals every place that relies on it.
    timezone: 'Asia/Tokyo',
  };
  const program = join(bin, 'postgres');
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const args = ['-D', data, '-p', String(port), ...given];
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
  if (server.exitCode !== null || server.signalCode !== null) return;
  const stopped = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  await stopped;
}

/** The directories of packages that do not put their programs on the path. */
const usualPlaces = [
  '/usr/lib/postgresql/*/bin',
  '/opt/homebrew/opt/postgresql*/bin',
  '/usr/local/opt/postgresql*/bin',
];

/** Returns the directory of the server's programs: that of `pg_config`, or the newest of the usual places. */
function findPrograms(): string {
  const newestFirst = globSync(usualPlaces).sort().reverse();
  const found = [...configured(), ...newestFirst].find((bin) => existsSync(join(bin, 'initdb')));
  if (found === undefined) throw new Error(`${howToInstall} (looked in ${usualPlaces.join(', ')})`);
  return found;
}

function configured(): string[] {
  try {
    return [
      execFileSync('pg_config', ['--bindir'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim(),
    ];
  } catch {
    return [];
  }
}

function idsOf(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
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
