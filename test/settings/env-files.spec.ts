import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { appDirectories, type AppDirectory, parseConfig, readEnvFiles } from '#gatehouse/platform';
import { temporaryDirectory } from '../support/embedded-database.js';
import { runTypeScript, startTypeScript } from '../support/typescript-process.js';
import { apps } from './apps.js';

const root = join(import.meta.dirname, '../..');
const example = join(root, '.env.example');

/** The programs that read settings, by file, and the directory that names its own settings file. */
const programs: readonly (readonly [main: string, app: AppDirectory])[] = [
  ['apps/todo-api/src/main.ts', 'todo-api'],
  ['apps/reminder-app/src/main.ts', 'reminder-app'],
  ['apps/dev-center/src/main.ts', 'dev-center'],
  ['apps/dev-center/src/credentials.main.ts', 'dev-center'],
  ['apps/dev-center/src/provision.main.ts', 'dev-center'],
  ['tools/sandbox/src/main.ts', 'sandbox'],
  ['tools/mailbox/src/main.ts', 'mailbox'],
  ['tools/start/src/main.ts', 'start'],
];

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
  write('refresh-token', 'hunter2');
});
afterEach(() => directory.remove());

const write = (file: string, content: string) =>
  writeFileSync(join(directory.path, file), content, { mode: 0o600 });
/** A copy of .env.example whose refresh token file exists. */
const copied = () =>
  readFileSync(example, 'utf8').replace(/^REFRESH_TOKEN_FILE=.*/m, 'REFRESH_TOKEN_FILE=refresh-token');
const check = (main: string, env: Record<string, string> = {}) =>
  runTypeScript(join(root, main), ['--check-config'], { NODE_ENV: 'development', ...env }, directory.path);

describe('.env.example', () => {
  it.each(programs)('copied to .env makes a usable configuration of %s', async (main) => {
    copyFileSync(example, join(directory.path, '.env.example'));
    const needed = main === 'apps/dev-center/src/main.ts' ? '\nFUSIONAUTH_MANAGER_KEY=hunter2\n' : '';
    write('.env', `${copied()}${needed}`);
    const { exitCode, stdout, stderr } = await check(main);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('From .env: ');
    expect(stdout).not.toContain('hunter2');
    expect(stdout).not.toContain('is not a setting');
  });

  it('has no manager key: the Dev Center exits 78 and says where one is made, by the sandbox or in FusionAuth', async () => {
    write('.env', readFileSync(example, 'utf8'));
    const devCenter = (env = {}) => check('apps/dev-center/src/main.ts', env);
    const { exitCode, stderr } = await devCenter();
    expect([exitCode, stderr]).toEqual([
      78,
      expect.stringMatching(
        /FUSIONAUTH_MANAGER_KEY: is required.*\.data\/sandbox\/secrets\.env.*\.env\.dev-center.*Settings, API Keys.*npm run provision/s,
      ),
    ]);
    const id = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';
    const ids = { FUSIONAUTH_TENANT_ID: id, FUSIONAUTH_APPLICATION_ID: id, FUSIONAUTH_ENTITY_ID: id };
    const urls = { FUSIONAUTH_URL: 'https://auth.example.com', PUBLIC_URL: 'https://dev.example.com' };
    const production = await devCenter({ NODE_ENV: 'production', ...ids, ...urls });
    expect([production.exitCode, production.stderr]).toEqual([
      78,
      expect.stringMatching(/FUSIONAUTH_MANAGER_KEY: is required; create a key manager/),
    ]);
  });

  it.each(appDirectories)('shows only values that %s accepts, all at once', async (app) => {
    copyFileSync(example, join(directory.path, '.env.example'));
    write('.env', readFileSync(example, 'utf8').replace(/^#(?=\w+=.)/gm, ''));
    const { schema, problems } = apps[app]!;
    const { values, warnings } = await readEnvFiles({ app, schemas: [schema] }, {}, directory.path);
    expect(Object.keys(values).length).toBeGreaterThan(3);
    expect(warnings).toEqual([]);
    expect(problems(parseConfig(schema, values) as never)).toEqual([]);
  });

  it.each(appDirectories)('has every setting of %s', (app) => {
    const names = [...readFileSync(example, 'utf8').matchAll(/^#?(\w+)=/gm)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(apps[app]!.schema.shape)));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('.env files', () => {
  it.each(programs)('of its own directory count for %s, which says so', async (main, app) => {
    // cspell:ignore KEI
    write(`.env.${app}`, 'LOG_LEVEL=error\nFUSIONAUTH_MANAGER_KEI=hunter2\n');
    write('.env', 'LOG_LEVEL=debug\nDATA_DIR=elsewhere\nREFRESH_TOKEN_FILE=refresh-token\n');
    const { stdout, stderr } = await check(
      main,
      app === 'dev-center' ? { FUSIONAUTH_MANAGER_KEY: 'hunter2' } : {},
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/"LOG_LEVEL": "error"[^]*From \.env\.\S+: LOG_LEVEL\.\nFrom \.env: /);
    expect(stdout).toContain('From .env: DATA_DIR');
    expect(stdout).toContain(`LOG_LEVEL of .env is ignored: .env.${app} sets it.\n`);
    expect(stdout).toContain(`FUSIONAUTH_MANAGER_KEI in .env.${app} is not a setting of this app`);
    expect(stdout).not.toContain('hunter2');
  });

  it.each([['test'], ['production']])('count for nothing with NODE_ENV=%s', async (NODE_ENV) => {
    write('.env', 'PORT=nonsense\nnonsense\n');
    write('.env.sandbox', 'PORT=nonsense\n');
    const { stdout, stderr } = await check('tools/sandbox/src/main.ts', { NODE_ENV });
    expect(`${stdout}${stderr}`).not.toMatch(/\.env|nonsense|PORT:/);
  });

  it('count for nothing in a process that a test starts', async () => {
    write('.env', 'nonsense\n');
    const run = await runTypeScript(
      join(root, 'tools/sandbox/src/main.ts'),
      ['--check-config'],
      {},
      directory.path,
    );
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
  });

  it.each([
    ['a line that is not a setting', 'PORT=3555\nhunter2', '.env, line 2: must be NAME=value'],
    ['a value that is refused', 'PORT=hunter2', 'PORT in .env: must be a whole number'],
    ['a forbidden setting', undefined, 'FUSIONAUTH_MANAGER_KEY in .env.todo-api: belongs to the Dev Center'],
  ])('with %s end the Todo API with 78 and the place, without the value', async (_what, content, said) => {
    if (content === undefined) write('.env.todo-api', 'FUSIONAUTH_MANAGER_KEY=hunter2\n');
    else write('.env', content);
    const { exitCode, stdout, stderr } = await check('apps/todo-api/src/main.ts');
    expect(exitCode).toBe(78);
    expect(stderr).toContain(said);
    expect(`${stdout}${stderr}`).not.toContain('hunter2');
  });

  it('may have the manager key in .env for the Dev Center while the Todo API runs beside it', async () => {
    write('.env', 'FUSIONAUTH_MANAGER_KEY=hunter2\n');
    const [todoApi, devCenter] = await Promise.all([
      check('apps/todo-api/src/main.ts'),
      check('apps/dev-center/src/main.ts'),
    ]);
    expect([todoApi.exitCode, devCenter.exitCode]).toEqual([0, 0]);
    expect(devCenter.stdout).toContain('From .env: FUSIONAUTH_MANAGER_KEY.');
    expect(todoApi.stdout).toContain('From .env: nothing.');
  });

  it('choose the Reminder App’s credential source and what that needs', async () => {
    write('.env.reminder-app', 'CREDENTIAL_SOURCE=api-key\n');
    const { stderr } = await check('apps/reminder-app/src/main.ts');
    expect(stderr).toMatch(/API_KEY: is required/);
    expect(stderr).not.toContain('REFRESH_TOKEN_FILE');
  });

  it('give the sandbox the secrets that its kickstart file names', async () => {
    write('.env', 'ADA_PASSWORD=hunter2\n');
    const { stdout } = await check('tools/sandbox/src/main.ts');
    expect(stdout).toContain('From .env: ADA_PASSWORD.');
  });

  it('are named in the line that an app logs at its start', async () => {
    write('.env.sandbox', 'PORT=0\n');
    const main = join(root, 'tools/sandbox/src/main.ts');
    const child = startTypeScript(main, [], { NODE_ENV: 'development' }, [], directory.path);
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(JSON.parse(line)).toMatchObject({ msg: 'starting', envFiles: ['.env.sandbox'] });
  });

  it('are ignored by Git, the example apart', () => {
    const files = ['.env', '.env.todo-api', 'apps/todo-api/.env.local', '.env.example'];
    const { stdout } = spawnSync('git', ['check-ignore', '--no-index', ...files], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stdout.trim().split('\n')).toEqual(files.slice(0, 3));
  });

  it('of the parts are not read by npm start, which says so', async () => {
    write('.env.todo-api', 'AUTH_STRATEGY=nonsense\n');
    write('.env.start', 'AUTH_STRATEGY=api-key\nFUSIONAUTH_URL=https://auth.example.com\n');
    const { exitCode, stdout } = await check('tools/start/src/main.ts');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('From .env.start: AUTH_STRATEGY, FUSIONAUTH_URL.\n');
    expect(stdout).toContain('Not read here, but by these apps when they run alone: .env.todo-api\n');
    expect(stdout).toContain('Ignored here, because the apps are pointed at each other: FUSIONAUTH_URL\n');
  });
});
