import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { temporaryDirectory } from '../support/embedded-database.js';
import { manifestIn, packingMs, tarballOf, unpack } from './packed.js';

const kickstart = {
  variables: { applicationId: '85a03867-dccf-4882-adde-1a79aeec50df' },
  apiKeys: [{ key: '#{ENV.MY_KEY}' }],
  requests: [
    {
      method: 'POST',
      url: '/api/application/#{applicationId}',
      body: { application: { name: 'My app' } },
    },
  ],
};

describe('the command gatehouse-sandbox, installed', () => {
  let project: Awaited<ReturnType<typeof temporaryDirectory>>;
  let command: string;
  const running = new Set<ChildProcess>();
  beforeAll(async () => {
    project = await temporaryDirectory();
    const folder = unpack(await tarballOf('gatehouse-sandbox'), project.path);
    command = join(folder, manifestIn(folder).bin?.['gatehouse-sandbox'] ?? '');
    writeFileSync(join(project.path, 'kickstart.json'), JSON.stringify(kickstart));
    writeFileSync(join(project.path, 'my.env'), 'MY_KEY=a-key-from-the-file\n');
  }, packingMs);
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });
  afterAll(() => project.remove());

  function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { NODE_OPTIONS: _jests, ...inherited } = process.env;
    // Node reads an --env-file itself, anywhere on the command line, unless `--` comes first.
    const child = spawn(process.execPath, ['--', command, ...args], {
      cwd: project.path,
      env: { ...inherited, ...env },
    });
    running.add(child);
    return child;
  }

  async function ended(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = start(args, env);
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code: child.exitCode, stdout, stderr };
  }

  /** Starts it on a free port; resolves with its address and its output so far. */
  async function listening(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = start(['--port', '0', ...args], env);
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (/^ {2}Secrets/.test(line)) break;
    }
    const [, url = ''] = /(http:\/\/\S+?);/.exec(lines[0] ?? '') ?? [];
    const stop = async () => {
      child.kill('SIGTERM');
      await once(child, 'close');
      return child.exitCode;
    };
    return { url, lines, stop };
  }

  const asks = async (url: string, key: string) =>
    (
      await fetch(`${url}/api/application/${kickstart.variables.applicationId}`, {
        headers: { authorization: key },
      })
    ).status;

  it('sets up a kickstart file with the values of an env file, and stops at a signal with 143', async () => {
    const sandbox = await listening(['--kickstart', 'kickstart.json', '--env-file', 'my.env']);
    expect(await asks(sandbox.url, 'a-key-from-the-file')).toBe(200);
    expect(sandbox.lines.join('\n')).toContain(`${kickstart.variables.applicationId}  My app`);
    expect(await sandbox.stop()).toBe(143);
    expect(readFileSync(join(project.path, '.data/sandbox/.gitignore'), 'utf8')).toBe('*\n');
  });

  it('keeps its instance for the next start, and --reset sets up a new one with the current value', async () => {
    const args = ['--kickstart', 'kickstart.json', '--data-dir', 'kept'];
    const env = { MY_KEY: 'the-first-key' };
    await (await listening(args, env)).stop();
    const again = await listening(args, { MY_KEY: 'the-second-key' });
    expect([await asks(again.url, 'the-first-key'), await asks(again.url, 'the-second-key')]).toEqual([
      200, 401,
    ]);
    await again.stop();
    const anew = await listening([...args, '--reset'], { MY_KEY: 'the-second-key' });
    expect([await asks(anew.url, 'the-first-key'), await asks(anew.url, 'the-second-key')]).toEqual([
      401, 200,
    ]);
    await anew.stop();
  });

  it('refuses a directory in use without touching it, even with --reset', async () => {
    const first = await listening(['--data-dir', 'busy']);
    const second = await ended(['--port', '0', '--data-dir', 'busy', '--reset']);
    expect(second).toMatchObject({ code: 75, stderr: expect.stringMatching(/choose another --data-dir/) });
    expect(existsSync(join(project.path, 'busy/sandbox/state.json'))).toBe(true);
    await first.stop();
  });

  it('says that --reset applies a kickstart file that has changed', async () => {
    await (await listening(['--data-dir', 'changed'])).stop();
    const child = start(['--port', '0', '--data-dir', 'changed', '--kickstart', 'kickstart.json']);
    const [warning] = (await once(child.stderr, 'data')) as [Buffer];
    expect(String(warning)).toMatch(
      /the kickstart file has changed .*; start with --reset to set it up again/,
    );
  });

  it('prefers the environment to the env file', async () => {
    const args = ['--kickstart', 'kickstart.json', '--env-file', 'my.env', '--data-dir', 'environment'];
    const sandbox = await listening(args, { MY_KEY: 'a-key-of-the-environment' });
    expect(await asks(sandbox.url, 'a-key-of-the-environment')).toBe(200);
    await sandbox.stop();
  });

  it('starts without options and prints where the passwords are', async () => {
    const sandbox = await listening(['--data-dir', 'plain']);
    expect(sandbox.lines.at(-1)).toContain(join('plain', 'sandbox', 'secrets.env'));
    expect(readFileSync(join(project.path, 'plain/sandbox/secrets.env'), 'utf8')).toMatch(
      /^ADA_PASSWORD=.{43}$/m,
    );
    await sandbox.stop();
  });

  it.each([
    [['--port', 'high'], 2, /--port must be a number from 0 to 65535/],
    [['--port', '70000'], 2, /--port must be a number from 0 to 65535/],
    [['--kick', 'start.json'], 2, /Unknown option '--kick'.* Try: gatehouse-sandbox --help/],
    [['kickstart.json'], 2, /'kickstart.json' is not an argument of this command/],
    [['--kickstart', 'none.json'], 78, /none\.json cannot be read: set --kickstart to one that exists/],
    [['--data-dir', 'my.env'], 78, /my\.env.* cannot be written .*: set --data-dir to a writable directory/],
    [['--env-file', 'none.env'], 78, /--env-file: none\.env: there is no such file/],
    [['--env-file', 'kickstart.json'], 78, /--env-file: kickstart\.json, line 1: must be NAME=value/],
  ])('exits for %j with %i and one sentence', async (args, code, sentence) => {
    const answer = await ended(args);
    expect(answer).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(sentence) });
    expect(answer.stderr).not.toContain('    at ');
  });

  it('names a missing env file even if Node reads it first', async () => {
    const child = spawn(process.execPath, [command, '--env-file', 'none.env'], { cwd: project.path });
    const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect([child.exitCode === 0, stderr]).toEqual([false, expect.stringContaining('none.env')]);
  });

  it('exits with 4 if the port is in use, and names the option to change', async () => {
    const first = await listening(['--data-dir', 'first']);
    const port = new URL(first.url).port;
    const second = await ended(['--port', port, '--data-dir', 'second']);
    expect(second).toMatchObject({ code: 4, stderr: expect.stringMatching(/set --port to another/) });
    await first.stop();
  });

  it('refuses NODE_ENV=production', async () => {
    const answer = await ended(['--data-dir', 'production'], { NODE_ENV: 'production' });
    expect(answer).toMatchObject({ code: 78, stderr: expect.stringContaining('NODE_ENV') });
    expect(existsSync(join(project.path, 'production'))).toBe(false);
  });

  it('prints its version and its options', async () => {
    const { version } = manifestIn(join(project.path, 'node_modules/gatehouse-sandbox'));
    expect(await ended(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
    const { stdout } = await ended(['--help']);
    for (const option of ['--kickstart FILE', '--port N', '--env-file FILE', '--data-dir DIR', '--reset'])
      expect(stdout).toContain(option);
  });
});
