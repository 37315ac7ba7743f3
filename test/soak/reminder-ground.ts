import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { walkCodeGrant } from '#gatehouse/fusionauth/control';
import { startPostgres } from '../../tools/bench/src/installed-postgres.js';
import { applicationId } from '../../tools/issuer/src/token-minter.js';
import { temporaryDirectory } from '../support/embedded-database.js';
import { reminderClient, startWorld, type World } from '../support/start-world.js';

export interface NewTodo {
  readonly title: string;
  readonly email: string;
  /** Milliseconds from now. */
  readonly dueIn: number;
}

/** The parts that the long proofs of the Reminder share: the sandbox, a Todo API and a PostgreSQL server. */
export interface ReminderGround {
  readonly world: World;
  readonly directory: string;
  /** Creates an empty database for a Reminder; returns its URL, and a pool to inspect it. */
  database(): Promise<{ url: string; pool: pg.Pool }>;
  /** Returns a file with a refresh token of the Reminder's own client, as issued by the Dev Center. */
  tokenFile(): Promise<string>;
  /** Removes every todo. */
  removeTodos(): Promise<void>;
  /** Inserts todos into the Todo API's tables, each for the person with that address. */
  addTodos(todos: readonly NewTodo[]): Promise<void>;
  /** Returns the configuration of every Reminder here. */
  environment(tokenFile: string): Record<string, string>;
}

/** Runs a proof with its own parts, and removes them afterwards. */
export async function onReminderGround<T>(proof: (ground: ReminderGround) => Promise<T>): Promise<T> {
  const directory = await temporaryDirectory();
  const closers: (() => Promise<unknown>)[] = [() => directory.remove()];
  try {
    const postgres = await startPostgres();
    closers.push(() => postgres.stop());
    const admin = poolOf(postgres.url, closers);
    const newDatabase = async () => {
      const name = `d${randomBytes(6).toString('hex')}`;
      await admin.query(`create database ${name}`);
      const url = new URL(postgres.url);
      url.pathname = `/${name}`;
      return url.href;
    };
    const todoUrl = await newDatabase();
    const world = await startWorld({ env: { DATABASE_URL: todoUrl } });
    closers.push(() => world.close());
    const todos = poolOf(`${todoUrl}?options=${encodeURIComponent('-c search_path=todo')}`, closers);
    return await proof({
      world,
      directory: directory.path,
      async database() {
        const url = await newDatabase();
        return {
          url,
          pool: poolOf(`${url}?options=${encodeURIComponent('-c search_path=reminder')}`, closers),
        };
      },
      tokenFile: () => newTokenFile(world, directory.path),
      addTodos: (wanted) => addTodos(todos, wanted),
      removeTodos: () => todos.query('delete from todos').then(() => undefined),
      environment: (tokenFile) => ({
        NODE_ENV: 'test',
        LOG_LEVEL: 'info',
        FUSIONAUTH_URL: world.sandbox.url,
        TODO_API_URL: world.api.url,
        REFRESH_TOKEN_FILE: tokenFile,
        REMINDER_MIN_GAP_HOURS: '0',
        PORT: '0',
        METRICS_PORT: '0',
      }),
    });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

function poolOf(connectionString: string, closers: (() => Promise<unknown>)[]): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on('error', () => undefined);
  closers.push(() => pool.end());
  return pool;
}

let files = 0;

async function newTokenFile(world: World, directory: string): Promise<string> {
  const { refresh_token: token = '' } = await walkCodeGrant({
    url: world.sandbox.url,
    clientId: applicationId,
    redirectUri: 'http://127.0.0.1:3001/callback',
    loginId: reminderClient.email,
    password: world.sandbox.secrets[reminderClient.password] ?? '',
  });
  const own = join(directory, `credential-${++files}`);
  await mkdir(own);
  const file = join(own, 'refresh-token');
  await writeFile(file, token, { mode: 0o600 });
  return file;
}

async function addTodos(pool: pg.Pool, todos: readonly NewTodo[]): Promise<void> {
  const emails = [...new Set(todos.map(({ email }) => email))];
  await pool.query(
    `insert into owners (id, issuer, kind, subject, email, time_zone, created_at, updated_at)
     select id, 'soak', 'user', email, email, 'Europe/London', now(), now()
     from unnest($1::uuid[], $2::text[]) as new (id, email) on conflict do nothing`,
    [emails.map(() => randomUUID()), emails],
  );
  await pool.query(
    `insert into todos (id, owner_id, title, due_at, created_at, updated_at)
     select new.id, owners.id, title, now() + due_in * interval '1 millisecond', now(), now()
     from unnest($1::uuid[], $2::text[], $3::text[], $4::float[]) as new (id, title, address, due_in)
     join owners on owners.email = address`,
    [
      todos.map(() => randomUUID()),
      todos.map(({ title }) => title),
      todos.map(({ email }) => email),
      todos.map(({ dueIn }) => dueIn),
    ],
  );
}
