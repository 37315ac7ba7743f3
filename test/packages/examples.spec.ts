import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Sandbox } from '../../tools/sandbox/src/package/api.js';
import { startSandbox } from '../../tools/sandbox/src/package/index.js';
import { temporaryDirectory } from '../support/embedded-database.js';
import { manifestIn, type PackageName, packingMs, tarballOf, unpack } from './packed.js';

const run = promisify(execFile);
const packages: readonly PackageName[] = ['gatehouse-auth', 'gatehouse-sandbox'];
const target = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';
const examples = readdirSync('examples', { withFileTypes: true }).flatMap((one) =>
  one.isDirectory() ? [one.name] : [],
);

describe('the examples, each in a folder of its own with what its package.json names', () => {
  let ground: Awaited<ReturnType<typeof temporaryDirectory>>;
  let tarballs: string[];
  let sandbox: Sandbox;
  beforeAll(async () => {
    ground = await temporaryDirectory();
    [tarballs, sandbox] = await Promise.all([Promise.all(packages.map(tarballOf)), startSandbox()]);
  }, packingMs);
  afterAll(async () => {
    await sandbox.stop();
    await ground.remove();
  });

  /** Copies an example and installs what npm would install, without a network: this repository's own packages. */
  function installed(name: string): string {
    const project = join(ground.path, name);
    cpSync(join('examples', name), project, {
      recursive: true,
      filter: (path) => !/node_modules|dist$/.test(path),
    });
    const { dependencies = {}, devDependencies = {} } = manifestIn(project);
    const wanted = { ...dependencies, ...devDependencies };
    for (const tarball of tarballs.filter((one) =>
      Object.values(wanted).some((path) => one.endsWith(base(path))),
    )) {
      const own = manifestIn(unpack(tarball, project));
      Object.assign(wanted, { ...own.dependencies, ...wanted });
    }
    mkdirSync(join(project, 'node_modules/.bin'), { recursive: true });
    for (const dependency of Object.keys(wanted).filter((one) => !packages.includes(one as PackageName)))
      link(dependency, project);
    return project;
  }

  const base = (path: string) => path.split('/').at(-1) ?? '';

  function link(dependency: string, project: string): void {
    const folder = join(project, 'node_modules', dependency);
    mkdirSync(dirname(folder), { recursive: true });
    symlinkSync(resolve('node_modules', dependency), folder);
    const { bin = {} } = manifestIn(folder);
    for (const [command, file] of Object.entries(bin))
      symlinkSync(join(folder, file), join(project, 'node_modules/.bin', command));
  }

  const environment = (more: Readonly<Record<string, string>> = {}) => {
    const { NODE_OPTIONS: _jests, ...inherited } = process.env;
    const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
    return { ...inherited, PATH: path, FUSIONAUTH_URL: sandbox.url, PORT: '0', NO_COLOR: '1', ...more };
  };

  const script = (project: string, name: string, env?: Readonly<Record<string, string>>) =>
    run('npm', ['run', '--silent', name], { cwd: project, env: environment(env) });

  /** Starts an example with its `npm start` and stops it after `act`. */
  async function served(
    project: string,
    act: (url: string) => Promise<void>,
    env?: Readonly<Record<string, string>>,
  ): Promise<void> {
    const command = manifestIn(project).scripts?.['start']?.split(' ') ?? [];
    const child = spawn(process.execPath, command.slice(1), { cwd: project, env: environment(env) });
    try {
      for await (const line of createInterface(child.stdout)) {
        const [, url] = /^listening at (\S+)/.exec(line) ?? [];
        if (url === undefined) continue;
        await act(url);
        return;
      }
      throw new Error('it ended before it listened');
    } finally {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    }
  }

  const bearer = async (roles: readonly string[]) => {
    const { accessToken } = await sandbox.logIn(await sandbox.createUser({ roles }));
    return { authorization: `Bearer ${accessToken}` };
  };

  it.each(['nestjs-fastify', 'nestjs-express'])(
    '%s closes its routes, opens one and asks one for a role',
    async (name) => {
      const project = installed(name);
      await script(project, 'build');
      await served(project, async (url) => {
        const status = async (method: string, path: string, headers = {}) =>
          (await fetch(url + path, { method, headers })).status;
        const [reader, writer] = [await bearer(['todo-reader']), await bearer(['todo-writer'])];
        expect(await status('GET', '/health')).toBe(200);
        expect(await status('GET', '/invoices')).toBe(401);
        expect(await status('GET', '/invoices', reader)).toBe(200);
        expect(await status('POST', '/invoices', reader)).toBe(403);
        expect(await status('POST', '/invoices', writer)).toBe(201);
      });
    },
  );

  it('node answers 401 without a token, 200 with one, and lets the client in', async () => {
    const project = installed('node');
    const client = installed('client');
    await served(
      project,
      async (url) => {
        expect((await fetch(`${url}/invoices`)).status).toBe(401);
        expect((await fetch(`${url}/invoices`, { headers: await bearer([]) })).status).toBe(200);
        const { stdout } = await script(client, 'start', {
          API_URL: url,
          CLIENT_ID: '2d7f9a10-4b6c-4e8d-9f21-7c5e3a1b0d44',
          CLIENT_SECRET: sandbox.secrets['REMINDER_ENTITY_SECRET'] ?? '',
          TARGET_ENTITY_ID: target,
        });
        expect(JSON.parse(stdout)).toMatchObject({ status: 200, body: { at: '/invoices' } });
      },
      { FUSIONAUTH_ENTITY_ID: target },
    );
  });

  it.each(['jest', 'vitest'])('the suite of %s passes, five tests long', async (name) => {
    const { stdout, stderr } = await script(installed(name), 'test');
    expect(stdout + stderr).toMatch(/Tests:?\s+5 passed/);
  });

  it('the overview has a line for each, and each is for a copy: a README and this version of the packages', () => {
    const overview = readFileSync('examples/README.md', 'utf8');
    const named = [...overview.matchAll(/^\| \[([\w-]+)\]\(\1\)/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(examples.toSorted());
    for (const name of examples) {
      const folder = join('examples', name);
      expect(readFileSync(join(folder, 'README.md'), 'utf8')).toMatch(/^# /);
      const { dependencies = {}, devDependencies = {} } = manifestIn(folder);
      const files = Object.values({ ...dependencies, ...devDependencies }).filter((one) =>
        one.startsWith('file:'),
      );
      expect(tarballs.map(base)).toEqual(expect.arrayContaining(files.map(base)));
    }
  });

  it('the client has at most 30 lines of code', () => {
    const lines = readFileSync('examples/client/client.js', 'utf8').split('\n');
    expect(lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length).toBeLessThan(
      31,
    );
  });
});
