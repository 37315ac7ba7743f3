import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../../support/embedded-database.js';
import { sharedCode } from '../../support/typescript-process.js';

const root = join(import.meta.dirname, '../../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const ofApps = Object.entries(scripts).filter(([, script]) => script.includes(' dist/'));

describe('a signal to npm', () => {
  let npm: ChildProcess | undefined;
  afterEach(() => {
    // Its process group, so that an app that the signal did not reach ends as well.
    if (npm?.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
  });

  it.each([
    ['mailbox', 'the mailbox listens'],
    ['sandbox', 'the FusionAuth stand-in listens'],
  ])('stops what npm run %s started, and npm exits with the code of the app', async (name, ready) => {
    const data = await temporaryDirectory();
    // Without the script before it, which builds.
    npm = spawn('npm', ['run', '--silent', '--ignore-scripts', name], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        ...sharedCode,
        ...{ DATA_DIR: data.path, PORT: '0', SMTP_PORT: '0', MAILBOX_PORT: '0' },
      },
    });
    let output = '';
    for await (const text of npm.stdout!) {
      output += String(text);
      if (output.includes(ready)) break;
    }
    npm.kill('SIGTERM');
    // The app is in the group too, and would still be there if only npm and its shell had ended.
    const [code] = (await once(npm, 'exit')) as [number];
    expect(() => process.kill(-npm!.pid!, 0)).toThrow('ESRCH');
    expect([code, output]).toEqual([143, expect.stringContaining(ready)]);
    npm = undefined;
    await data.remove();
  });

  it('reaches every app, because each replaces the shell in which npm runs it', () => {
    expect(ofApps.length).toBeGreaterThan(10);
    for (const [, script] of ofApps) expect(script).toMatch(/^exec node (--enable-source-maps )?dist\/\S+$/);
  });
});
