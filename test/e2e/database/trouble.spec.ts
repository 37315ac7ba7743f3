import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Environment } from '#gatehouse/platform';
import { temporaryDirectory } from '../../support/embedded-database.js';
import { type StandInPostgres, standInPostgres } from '../../support/stand-in-postgres.js';
import { runTypeScript, startTypeScript } from '../../support/typescript-process.js';

const mainOf = (path: string) => join(import.meta.dirname, '../../..', path);
const todoApi = mainOf('apps/todo-api/src/main.ts');
const reminder = mainOf('apps/reminder-app/src/main.ts');
const devCenter = mainOf('apps/dev-center/src/main.ts');
const credentials = mainOf('apps/dev-center/src/credentials.main.ts');
const start = mainOf('tools/start/src/main.ts');

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
  await writeFile(join(directory.path, 'key'), 'a-key-of-the-reminder\n', { mode: 0o600 });
});
afterAll(() => directory.remove());

/** Settings of a program, with nobody behind the addresses that it does not get to. */
function envOf(main: string, url: string): Environment {
  const common = { DATABASE_URL: url, DATA_DIR: directory.path, PORT: '0', METRICS_PORT: '0' };
  const reminderOnly = {
    ...{ TODO_API_URL: 'http://127.0.0.1:1', SMTP_URL: `folder:${directory.path}/mails` },
    ...{ CREDENTIAL_SOURCE: 'api-key', API_KEY_FILE: join(directory.path, 'key') },
  };
  if (main === start) return { ...common, ...anyPorts };
  return {
    ...{ ...common, FUSIONAUTH_URL: 'http://127.0.0.1:1' },
    ...(main === reminder && reminderOnly),
    ...([devCenter, credentials].includes(main) && { FUSIONAUTH_MANAGER_KEY: 'a-manager-key' }),
  };
}

const anyPorts = Object.fromEntries(
  ['TODO_API', 'TODO_API_METRICS', 'DEV_CENTER', 'SANDBOX', 'MAILBOX', 'SMTP', 'UNSUBSCRIBE'].map((name) => [
    `${name}_PORT`,
    '0',
  ]),
);

const commands: [string, string, string[]][] = [
  ['todo-api', todoApi, []],
  ['reminder once', reminder, ['once']],
  ['reminder once --dry-run --json', reminder, ['once', '--dry-run', '--json']],
  ['reminder ledger', reminder, ['ledger']],
  ['reminder serve', reminder, ['serve']],
  ['dev-center', devCenter, []],
  ['credentials list', credentials, ['list']],
  ['npm start', start, []],
];

describe('a database that refuses the password', () => {
  let postgres: StandInPostgres;
  beforeAll(async () => {
    const message = 'password authentication failed for user "app"';
    postgres = await standInPostgres({ code: '28P01', message });
  });
  afterAll(() => postgres.close());

  it.each(commands)('ends %s with 78, and the last line of stderr says why', async (_name, main, args) => {
    const { exitCode, stderr } = await runTypeScript(main, args, envOf(main, postgres.url));
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      /: The database refuses the password\. Check user and password in DATABASE_URL \(28P01: password auth.*\)\.$/,
    );
    expect(stderr).not.toContain('hunter2');
    expect(exitCode).toBe(78);
  });

  it('does not end reminder watch, which says so and tries again', async () => {
    const child = startTypeScript(reminder, ['watch'], envOf(reminder, postgres.url));
    const exited = once(child, 'exit');
    for await (const line of createInterface(child.stdout!)) {
      if (!line.includes('run given up')) continue;
      expect(line).toContain('retrying in a minute: The database refuses the password.');
      child.kill('SIGTERM');
    }
    expect(await exited).toEqual([143, null]);
  });
});

describe('a database that accepts connections and never answers', () => {
  let postgres: StandInPostgres;
  beforeAll(async () => (postgres = await standInPostgres()));
  afterAll(() => postgres.close());

  it.each(commands.filter(([name]) => !['todo-api', 'npm start'].includes(name)))(
    'ends %s with 4 within seconds',
    async (_name, main, args) => {
      const { exitCode, stderr } = await runTypeScript(main, args, envOf(main, postgres.url));
      expect(stderr).toMatch(/: The database does not answer\./);
      expect(exitCode).toBe(4);
    },
    20_000,
  );

  it('leaves the Todo API not ready, and it says that it is the database', async () => {
    const child = startTypeScript(todoApi, [], envOf(todoApi, postgres.url));
    const exited = once(child, 'exit');
    for await (const line of createInterface(child.stdout!)) {
      const { msg, url } = JSON.parse(line) as { msg: string; url?: string };
      if (msg !== 'listening') continue;
      const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
      expect(ready.status).toBe(503);
      expect((await ready.json()) as object).toMatchObject({
        detail: expect.stringMatching(/the database has not been reached/i) as string,
      });
      child.kill('SIGTERM');
    }
    expect(await exited).toEqual([143, null]);
  }, 30_000);
});
