import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readEnvFiles } from './env-files.js';
import { optionalSecret, setting } from './setting.js';
import { port } from './setting-kinds.js';

const schema = z.object({
  PORT: setting(port().default(3000), { about: 'port', example: '3000' }),
  AUTH_STRATEGY: setting(z.string().default('jwt'), { about: 'how', example: 'jwt' }),
  DATABASE_URL: optionalSecret({ about: 'where', example: '' }),
  FORBIDDEN_KEY: setting(z.string().optional(), { about: 'no', example: '', secret: true, forbidden: true }),
});

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'env-files-'))));
afterEach(() => rmSync(directory, { recursive: true }));

async function settings(
  files: Record<string, string>,
  environment = {},
  alsoReads?: () => Promise<string[]>,
) {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return readEnvFiles({ app: 'todo-api', schemas: [schema], alsoReads }, environment, directory);
}

describe('settings from files', () => {
  it('count after the environment, and those of .env after those of the app’s own file', async () => {
    const files = {
      '.env.todo-api': 'PORT=2\nAUTH_STRATEGY=own',
      '.env': 'PORT=3\nAUTH_STRATEGY=shared\nDATABASE_URL=shared',
    };
    expect(await settings(files, { PORT: '1' })).toMatchObject({
      files: ['.env.todo-api', '.env'],
      values: { AUTH_STRATEGY: 'own', DATABASE_URL: 'shared' },
      notes: [
        'From .env.todo-api: AUTH_STRATEGY.',
        'PORT of .env.todo-api is ignored: the environment sets it.',
        'From .env: DATABASE_URL.',
        'PORT of .env is ignored: the environment sets it.',
        'AUTH_STRATEGY of .env is ignored: .env.todo-api sets it.',
      ],
      warnings: [],
      origins: new Map([
        ['AUTH_STRATEGY', '.env.todo-api'],
        ['DATABASE_URL', '.env'],
      ]),
    });
  });

  it('are listed for each file, even if none is used', async () => {
    const { notes } = await settings({ '.env.todo-api': 'PORT=2\nAUTH_STRATEGY=own', '.env': '' });
    expect(notes).toEqual(['From .env.todo-api: PORT, AUTH_STRATEGY.', 'From .env: nothing.']);
  });

  it('that are not secrets are not read from files of their own', async () => {
    const { values, warnings } = await settings({ '.env.todo-api': 'PORT_FILE=/run/port' });
    expect(values).toEqual({});
    expect(warnings).toEqual([expect.stringMatching(/^PORT_FILE in \.env\.todo-api is not a setting/)]);
  });

  it.each([
    ['DATABASE_URL_FILE', { DATABASE_URL_FILE: '/run/secret' }, 'DATABASE_URL=x'],
    ['DATABASE_URL', { DATABASE_URL: 'x' }, 'DATABASE_URL_FILE=/run/secret'],
    ['an empty DATABASE_URL', { DATABASE_URL: '' }, 'DATABASE_URL=x'],
  ])('give no part of a secret for which a nearer source has %s', async (_what, environment, content) => {
    expect((await settings({ '.env': content }, environment)).values).toEqual({});
  });

  it.each(['production', 'test', 'staging'])('count for nothing with NODE_ENV=%s', async (NODE_ENV) => {
    const files = { '.env': 'PORT=3555\nbroken', '.env.todo-api': 'PORT=3555', '.env.local': '' };
    const { origins, ...rest } = await settings(files, { NODE_ENV });
    expect(origins.size).toBe(0);
    expect(rest).toEqual({ files: [], othersFiles: [], values: {}, notes: [], warnings: [] });
  });

  it.each(['.env', '.env.todo-api'])('cannot turn production on in %s', async (file) => {
    await expect(settings({ [file]: 'NODE_ENV=production' })).rejects.toThrow(
      `NODE_ENV in ${file}: set it in the environment; this file is read in development only`,
    );
  });

  it('may say that this is development', async () => {
    await expect(settings({ '.env': 'NODE_ENV=development' })).resolves.toMatchObject({ files: ['.env'] });
  });

  it('that an app may not have are left in the shared file, and taken from its own to be refused', async () => {
    const content = 'FORBIDDEN_KEY=hunter2\nFORBIDDEN_KEY_FILE=/run/secret';
    const fromShared = await settings({ '.env': content });
    expect([fromShared.values, fromShared.warnings]).toEqual([{}, []]);
    expect((await settings({ '.env.todo-api': content })).values).toMatchObject({ FORBIDDEN_KEY: 'hunter2' });
  });

  it('that one of several parts may have are taken for all', async () => {
    writeFileSync(join(directory, '.env'), 'FORBIDDEN_KEY=x');
    const permitted = z.object({ FORBIDDEN_KEY: optionalSecret({ about: 'yes', example: '' }) });
    for (const schemas of [
      [permitted, schema],
      [schema, permitted],
    ]) {
      expect((await readEnvFiles({ app: 'start', schemas }, {}, directory)).values).toEqual({
        FORBIDDEN_KEY: 'x',
      });
    }
  });

  it('that the app reads beyond its schema are taken too', async () => {
    const content = 'ADA_PASSWORD=x\nBRUNO_PASSWORD_FILE=/run/secret\nOTHER=y';
    const { values } = await settings({ '.env': content }, {}, async () => [
      'ADA_PASSWORD',
      'BRUNO_PASSWORD',
    ]);
    expect(values).toEqual({ ADA_PASSWORD: 'x', BRUNO_PASSWORD_FILE: '/run/secret' });
  });

  it('are refused as a whole when a line of any file is wrong', async () => {
    await expect(settings({ '.env': 'PORT=1\nnonsense', '.env.todo-api': 'what' })).rejects.toMatchObject({
      exitCode: 78,
      problems: [expect.stringContaining('.env.todo-api, line 1:'), expect.stringContaining('.env, line 2:')],
    });
  });
});

describe('a name in a file that no app reads', () => {
  const example =
    '#PORT=3000\n\n# key (reminder-app), not HOME=x; secret, also API_KEY_FILE\n#API_KEY=\nREQUIRED=\n';

  it('is pointed out, with the setting that was probably meant and without a value', async () => {
    // cspell:ignore PROT STRATEGIE DATABSE
    const content =
      'PROT=hunter2\nAUTH_STRATEGIE=hunter2\nAPI_KEY=x\nAPI_KEY_FILE=x\nHOME=hunter2\nREQUIRED=x';
    const { warnings, values } = await settings({ '.env.example': example, '.env': content });
    expect(warnings).toEqual([
      'PROT in .env is not a setting of any app.',
      'AUTH_STRATEGIE in .env is not a setting of any app: did you mean AUTH_STRATEGY?',
      'HOME in .env is not a setting of any app.',
    ]);
    expect(values).toEqual({});
  });

  it('is pointed out in the app’s own file even if another app reads it', async () => {
    const { warnings } = await settings({ '.env.example': example, '.env.todo-api': 'API_KEY=x' });
    expect(warnings).toEqual(['API_KEY in .env.todo-api is not a setting of this app.']);
  });

  it('may be another app’s where no .env.example says so, unless it looks mistyped', async () => {
    const { warnings } = await settings({ '.env': 'API_KEY=x\nDATABSE_URL=x' });
    expect(warnings).toEqual(['DATABSE_URL in .env is not a setting of any app: did you mean DATABASE_URL?']);
  });
});

describe('a file that no app reads', () => {
  it('is pointed out, and those of other apps are named apart', async () => {
    const { warnings, othersFiles } = await settings({
      'readme.txt': '',
      '.env.local': '',
      '.env.start': '',
      '.env.todo-api': '',
      '.env.example': '',
    });
    expect(othersFiles).toEqual(['.env.start']);
    expect(warnings).toEqual([
      expect.stringMatching(/^\.env\.local is not read: settings belong in \.env, \.env\.todo-api/),
    ]);
  });
});
