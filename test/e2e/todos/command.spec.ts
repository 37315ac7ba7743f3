import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryDirectory } from '../../support/embedded-database.js';
import { runTypeScript, startTypeScript } from '../../support/typescript-process.js';

const main = join(import.meta.dirname, '../../../apps/todo-api/src/main.ts');

describe('npm run todo-api', () => {
  it('-- --help lists every setting with its meaning, and exits 0', async () => {
    const { exitCode, stdout } = await runTypeScript(main, ['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      '\nEnvironment, in development also .env.todo-api and .env in the current directory:\n',
    );
    for (const name of [
      'PORT',
      'DATABASE_URL',
      'DATA_DIR',
      'AUTH_STRATEGY',
      'FUSIONAUTH_URL',
      'DOCS',
      'LOG_LEVEL',
    ])
      expect(stdout).toMatch(new RegExp(`^ +${name} +\\S+`, 'm'));
  });

  it('-- --check-config prints the configuration without its secrets, and exits 0', async () => {
    const DATABASE_URL = 'postgresql://gate:hunter2@db.internal/gatehouse';
    const { exitCode, stdout } = await runTypeScript(main, ['--check-config'], { DATABASE_URL });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/"DATABASE_URL": "set"/);
    expect(stdout).not.toMatch(/hunter2|db\.internal/);
  });

  it('-- --check-config says nothing of an API key that is neither needed nor set, and points out a misspelt name', async () => {
    // cspell:ignore STRATEGIE
    const { stdout } = await runTypeScript(main, ['--check-config'], { AUTH_STRATEGIE: 'hunter2' });
    expect(stdout).toMatch(
      /\}\nAUTH_STRATEGIE is not a setting: did you mean AUTH_STRATEGY\?\nConfiguration is usable\.\n$/,
    );
    expect(stdout).toContain('"FUSIONAUTH_API_KEY": "unset"');
  });

  it('with a misspelt name of a required setting points it out beside what is missing', async () => {
    // cspell:ignore TENNANT
    const env = { NODE_ENV: 'production', FUSIONAUTH_TENNANT_ID: 'hunter2' };
    const { exitCode, stderr } = await runTypeScript(main, [], env);
    expect(exitCode).toBe(78);
    expect(stderr).toMatch(
      /^ {2}FUSIONAUTH_TENNANT_ID is not a setting: did you mean FUSIONAUTH_TENANT_ID\?\nTry --help/m,
    );
    expect(stderr).not.toContain('hunter2');
  });

  it.each(['apps/todo-api', 'apps/forward-auth', 'apps/dev-center', 'tools/sandbox', 'tools/mailbox'])(
    '(and %s) starts nothing for an option or a word that does not exist, and exits 2',
    async (app) => {
      // cspell:ignore chek
      const wrong = join(import.meta.dirname, '../../..', app, 'src/main.ts');
      const option = await runTypeScript(wrong, ['--chek-config']);
      expect([option.exitCode, option.stdout]).toEqual([2, '']);
      expect(option.stderr).toMatch(/^\S+: Unknown option '--chek-config'\. Try: npm run \S+ -- --help\n$/);
      expect((await runTypeScript(wrong, ['once'])).exitCode).toBe(2);
    },
  );

  it('-- --check-config says what the API key must permit for the chosen strategies', async () => {
    const env = { AUTH_STRATEGY: 'email-token', FUSIONAUTH_API_KEY: 'hunter2' };
    const { stdout } = await runTypeScript(main, ['--check-config'], env);
    expect(stdout).toContain('FUSIONAUTH_API_KEY must permit POST /api/login, and nothing else.');
  });

  it('with wrong settings names all of them in one run, no value, and exits 78', async () => {
    const env = {
      NODE_ENV: 'production',
      PORT: '70000',
      AUTH_STRATEGY: 'hunter2',
      FUSIONAUTH_URL: '',
      FUSIONAUTH_MANAGER_KEY: 'hunter2',
    };
    const { exitCode, stderr } = await runTypeScript(main, [], env);
    expect(exitCode).toBe(78);
    for (const name of [
      'PORT',
      'AUTH_STRATEGY',
      'FUSIONAUTH_URL',
      'FUSIONAUTH_APPLICATION_ID',
      'FUSIONAUTH_MANAGER_KEY',
    ])
      expect(stderr).toMatch(new RegExp(`^ +${name}: .+`, 'm'));
    expect(stderr).not.toContain('hunter2');
  });

  it('refuses to send credentials over plain http to another machine (OA-4)', async () => {
    const { exitCode, stderr } = await runTypeScript(main, ['--check-config'], {
      FUSIONAUTH_URL: 'http://auth.example.com',
    });
    expect(exitCode).toBe(78);
    expect(stderr).toMatch(/FUSIONAUTH_URL: .*ALLOW_INSECURE/);
  });

  it.each([
    [
      'the URL to listen at has no database',
      { DATABASE_LISTEN_URL: 'postgresql://gate:hunter2@db.internal/gatehouse' },
      /DATABASE_LISTEN_URL: must point to the server of DATABASE_URL, which is unset/,
    ],
    ...['DATABASE_URL', 'DATABASE_LISTEN_URL'].map((name): [string, Record<string, string>, RegExp] => [
      `a certificate file of ${name} cannot be read`,
      {
        DATABASE_URL: 'postgresql://gate:hunter2@db.internal/gatehouse',
        [name]: 'postgresql://gate:hunter2@db.internal/gatehouse?sslrootcert=/nowhere/ca.pem',
      },
      new RegExp(`${name}: the file of sslrootcert, /nowhere/ca.pem, cannot be read`),
    ]),
  ])('-- --check-config refuses with 78 what the start would: %s', async (_what, env, sentence) => {
    const { exitCode, stderr } = await runTypeScript(main, ['--check-config'], env);
    expect(exitCode).toBe(78);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('hunter2');
  });

  it('starts although FusionAuth and the database are down, and stops at SIGTERM with 143', async () => {
    const data = await temporaryDirectory();
    const child = startTypeScript(main, [], {
      PORT: '0',
      FUSIONAUTH_URL: 'http://127.0.0.1:1',
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
      DATA_DIR: data.path,
    });
    const exited = once(child, 'exit');
    const told: string[] = [];
    for await (const line of createInterface(child.stdout!)) {
      const { msg, url, status, config } = JSON.parse(line) as Record<string, unknown> & {
        msg: string;
        url?: string;
      };
      if (msg === 'starting') {
        expect(config).toMatchObject({
          FUSIONAUTH_API_KEY: 'unset',
          API_KEY_FORMAT: 'any',
          DATABASE_URL: 'set',
        });
      }
      told.push(msg === 'started' ? `${msg} ${status as string}` : msg);
      if (msg === 'listening') {
        expect((await fetch(`${url}/livez`)).status).toBe(200);
        expect((await fetch(`${url}/readyz`)).status).toBe(503);
      }
      if (msg === 'started') child.kill('SIGTERM');
    }
    expect(await exited).toEqual([143, null]);
    // The log says that it listens before it answers, and what is missing once everything was tried.
    expect(told.filter((one) => /^(?:listening|request|started)/.test(one))).toEqual(
      expect.arrayContaining(['listening', 'request', 'started starting']),
    );
    expect(told.indexOf('listening')).toBeLessThan(told.indexOf('request'));
    await data.remove();
  });
});
