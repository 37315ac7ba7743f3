import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { processEnvironment } from '#gatehouse/platform';
import { apiClient } from '../support/api-client.js';
import { describeWhere } from '../support/describe-where.js';
import { type PgBouncer, pgBouncerIsThere, startPgBouncer } from '../support/pgbouncer.js';
import { startWorld } from '../support/start-world.js';

const server = processEnvironment()['TEST_DATABASE_URL'] ?? '';
const ignoring = 'ignore_startup_parameters = options,extra_float_digits';

/** Settings that an operator may have set on the role, for other programs or on advice from a forum. */
const roles: Record<string, readonly string[]> = {
  'a role in Tokyo': ["set timezone = 'Asia/Tokyo'"],
  'a role in Tokyo with our schema as its search_path': [
    "set timezone = 'Asia/Tokyo'",
    'set search_path = todo',
  ],
  'a role with settings of another program': [
    "set timezone = 'Asia/Tokyo'",
    'set search_path = elsewhere',
    "set datestyle = 'German'",
    "set default_transaction_isolation = 'serializable'",
    'set statement_timeout = 0',
  ],
};

interface Ground {
  /** The database as the role; `admin` as the user of the test server. */
  readonly url: string;
  readonly admin: pg.Client;
  readonly drop: () => Promise<void>;
}

/** Creates a database that belongs to its own role. */
async function ground(settings: readonly string[]): Promise<Ground> {
  const name = `pooled_${randomBytes(6).toString('hex')}`;
  const first = new pg.Client(server);
  await first.connect();
  await first.query(`create role ${name} login password '${name}'`);
  for (const setting of settings) await first.query(`alter role ${name} ${setting}`);
  await first.query(`create database ${name} owner ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const admin = new pg.Client(url.href);
  await admin.connect();
  Object.assign(url, { username: name, password: name });
  return {
    ...{ url: url.href, admin },
    async drop() {
      await admin.end();
      await first.query(`drop database ${name} with (force)`);
      await first.query(`drop role ${name}`);
      await first.end();
    },
  };
}

async function worksWhole(url: string, admin: pg.Client): Promise<void> {
  const world = await startWorld({ env: { DATABASE_URL: url } });
  try {
    const ada = apiClient(world.api.url, await world.tokenOf('ada'));
    const dueAt = '2026-12-01T12:00:00.000Z';
    const posted = await ada('POST', '/todos', { json: { title: 'Noon', dueAt } });
    expect(posted).toMatchObject({ status: 201, body: { dueAt } });
    const window = 'dueAfter=2026-12-01T11:59:00Z&dueBefore=2026-12-01T12:01:00Z';
    // In parallel, so that the pool opens several connections.
    const lists = await Promise.all(Array.from({ length: 30 }, () => ada('GET', `/todos?${window}`)));
    for (const { body } of lists) expect(body.items).toMatchObject([{ title: 'Noon', dueAt }]);
    const { rows } = await admin.query(
      `select to_char(due_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as due from todo.todos`,
    );
    expect(rows).toEqual([{ due: '2026-12-01 12:00' }]);
  } finally {
    await world.close();
  }
}

const cases = Object.keys(roles).flatMap((role) =>
  [[], [ignoring]].map((lines): [string, string, string[]] => [
    role,
    lines.length > 0 ? 'ignoring start-up parameters' : 'with its defaults',
    lines,
  ]),
);

describe('a Todo API on PostgreSQL itself', () => {
  it.each(Object.keys(roles))('works whole for %s', async (role) => {
    const { url, admin, drop } = await ground(roles[role]!);
    await worksWhole(url, admin).finally(drop);
  });
});

const missing = pgBouncerIsThere ? undefined : 'PgBouncer is not installed: apt-get install pgbouncer';
describeWhere(missing)('a Todo API behind PgBouncer', () => {
  let here: Ground;
  let pooler: PgBouncer;
  const before = async (role: string, lines: string[]) => {
    here = await ground(roles[role]!);
    pooler = await startPgBouncer(here.url, lines);
  };
  afterEach(async () => {
    await pooler.stop();
    await here.drop();
  });

  it.each(cases)('in session mode works whole for %s, %s', async (role, _how, lines) => {
    await before(role, ['pool_mode = session', ...lines]);
    await worksWhole(pooler.url, here.admin);
  });

  it.each(['transaction', 'statement'].flatMap((mode) => cases.map((one) => [mode, ...one] as const)))(
    'in %s mode exits 78 for %s, %s, says why, and has written nothing',
    async (mode, role, _how, lines) => {
      await before(role, [`pool_mode = ${mode}`, ...lines]);
      await expect(startWorld({ env: { DATABASE_URL: pooler.url } })).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringMatching(
          /connection pooler.*Set pool_mode = session there.*docs\/database\.md/,
        ),
      });
      const { rows } = await here.admin.query(
        `select relname from pg_class where relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_|^information_schema$')
         union all select nspname from pg_namespace where nspname in ('todo', 'elsewhere')`,
      );
      expect(rows).toEqual([]);
    },
  );

  it.each([
    ['one connection to the server', 'default_pool_size = 1'],
    ['connections to the server in rotation', 'server_round_robin = 1'],
  ])('in transaction mode exits 78 with %s', async (_what, line) => {
    await before('a role in Tokyo', ['pool_mode = transaction', line]);
    await expect(startWorld({ env: { DATABASE_URL: pooler.url } })).rejects.toMatchObject({ exitCode: 78 });
  });

  it('exits 78 where a parameter of DATABASE_URL is one that it refuses', async () => {
    await before('a role in Tokyo', ['pool_mode = session']);
    const url = `${pooler.url}?options=-c%20lock_timeout%3D1000`;
    await expect(startWorld({ env: { DATABASE_URL: url } })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('A parameter in DATABASE_URL (options=…) is refused'),
    });
  });
});
