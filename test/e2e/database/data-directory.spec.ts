import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '../../support/embedded-database.js';
import { runTypeScript } from '../../support/typescript-process.js';

const mainOf = (path: string) => join(import.meta.dirname, '../../..', path);

describe('a DATA_DIR that cannot be written', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'key'), 'a-key-of-the-reminder\n', { mode: 0o600 });
  });
  afterAll(() => directory.remove());

  it.each([
    ['todo-api', 'apps/todo-api/src/main.ts', []],
    ['reminder once', 'apps/reminder-app/src/main.ts', ['once']],
    ['sandbox', 'tools/sandbox/src/main.ts', []],
    ['credentials list', 'apps/dev-center/src/credentials.main.ts', ['list']],
    ['dev-center', 'apps/dev-center/src/main.ts', []],
    ['npm start', 'tools/start/src/main.ts', []],
    ['todo-api --check-config', 'apps/todo-api/src/main.ts', ['--check-config']],
    ['reminder --check-config', 'apps/reminder-app/src/main.ts', ['--check-config']],
    ['sandbox --check-config', 'tools/sandbox/src/main.ts', ['--check-config']],
    ['dev-center --check-config', 'apps/dev-center/src/main.ts', ['--check-config']],
    ['credentials --check-config', 'apps/dev-center/src/credentials.main.ts', ['--check-config']],
    ['npm start -- --check-config', 'tools/start/src/main.ts', ['--check-config']],
  ])('ends %s with 78 and a sentence that says what to change', async (_name, main, args) => {
    const { exitCode, stderr } = await runTypeScript(mainOf(main), args, {
      // Below a file no directory can be made, not even by root.
      ...{ DATA_DIR: join(directory.path, 'key', 'data'), PORT: '0', METRICS_PORT: '0' },
      ...(main.startsWith('apps/reminder') && {
        ...{ TODO_API_URL: 'http://127.0.0.1:1', SMTP_URL: `folder:${directory.path}/mails` },
        ...{ CREDENTIAL_SOURCE: 'api-key', API_KEY_FILE: join(directory.path, 'key') },
      }),
      ...(main.startsWith('apps/dev-center') && { FUSIONAUTH_MANAGER_KEY: 'a-manager-key' }),
    });
    expect(stderr).toMatch(
      /cannot be written \(ENOTDIR, part of the path is a file\): set DATA_DIR to a writable directory/,
    );
    expect(exitCode).toBe(78);
  });
});
