import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Sandbox, startSandbox } from '../../tools/sandbox/src/start-sandbox.js';
import { callAdmin } from '../contract/contract-world.js';
import { issueAccessToken } from '../contract/people.js';
import { describeWhere } from '../support/describe-where.js';
import { silentLog, temporaryDirectory } from '../support/embedded-database.js';
import { startProgram } from './program.js';
import { registryRefusal } from './registry.js';

const versions = (JSON.parse(readFileSync('package.json', 'utf8')) as Manifest).dependencies;
const development = (JSON.parse(readFileSync('package.json', 'utf8')) as Manifest).devDependencies;
interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

/** Returns the programs of the package's own README, by their headings: its examples that listen. */
function programs(): Record<string, string> {
  const readme = readFileSync('libs/auth/README.md', 'utf8');
  const examples = [...readme.matchAll(/^## (.+)\n[^#]*?```ts\n([\s\S]*?)```/gm)];
  return Object.fromEntries(
    examples.flatMap(([, title = '', code = '']) =>
      code.includes('.listen(') ? [[title.toLowerCase().replaceAll(' ', '-'), code]] : [],
    ),
  );
}

/** Creates a project with only the tarball, Nest and its two adapters, installed by npm. */
function freshProject(directory: string, tarball: string): void {
  const names = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-fastify', 'reflect-metadata', 'rxjs'];
  const express = '@nestjs/platform-express';
  const manifest = {
    private: true,
    type: 'module',
    dependencies: {
      'gatehouse-auth': `file:${tarball}`,
      ...Object.fromEntries(names.map((name) => [name, versions[name]])),
      [express]: development[express],
      '@nestjs/config': '^12.0.0',
    },
    devDependencies: { '@types/node': development['@types/node'] },
  };
  const compilerOptions = {
    ...{
      target: 'es2024',
      module: 'nodenext',
      strict: true,
      types: ['node'],
      rootDir: 'source',
      outDir: 'built',
    },
    ...{ experimentalDecorators: true, emitDecoratorMetadata: true, skipLibCheck: true },
  };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['source'] }));
  mkdirSync(join(directory, 'source'));
  for (const [name, code] of Object.entries(programs()))
    writeFileSync(join(directory, 'source', `${name}.ts`), code);
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  execFileSync('npm', install, { cwd: directory, stdio: 'pipe' });
  execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', directory]);
}

describeWhere(registryRefusal())('the package, installed into a project of its own', () => {
  let sandbox: Sandbox;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let token: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    const dataDir = join(directory.path, 'sandbox');
    sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir, log: silentLog });
    const tarball = execFileSync('npm', ['run', '--silent', 'pack:auth'], { encoding: 'utf8' }).trim();
    freshProject(directory.path, resolve(tarball));
    const admin = (method: string, path: string, body?: unknown, tenant?: string) =>
      callAdmin(sandbox, method, path, body, tenant) as never;
    [token = ''] = (await issueAccessToken({ sandbox, admin })).secrets;
  }, 300_000);
  afterAll(async () => {
    await sandbox.close();
    await directory.remove();
  });

  async function running(name: string, act: (url: string) => Promise<void>): Promise<void> {
    const file = join(directory.path, 'built', `${name}.js`);
    const program = await startProgram(file, { FUSIONAUTH_URL: sandbox.url });
    await act(program.url).finally(() => program.stop());
  }

  it.each(['nestjs-on-fastify', 'nestjs-on-express', 'asynchronous-configuration', 'a-plain-handler'])(
    'guards a route of %s, as its README says',
    (name) =>
      running(name, async (url) => {
        const invoices = (headers: Record<string, string> = {}) => fetch(`${url}/invoices`, { headers });
        const stranger = await invoices();
        expect(stranger.status).toBe(401);
        expect(stranger.headers.get('www-authenticate')).toMatch(/^Bearer realm="api"/);
        expect(await stranger.json()).toMatchObject({ code: 'credential_required', status: 401 });
        const caller = await invoices({ authorization: `Bearer ${token}` });
        expect([caller.status, await caller.json()]).toEqual([
          200,
          expect.objectContaining({ of: expect.stringMatching(/^[0-9a-f-]{36}$/) }),
        ]);
        expect((await invoices({ authorization: `Bearer ${token}x` })).status).toBe(401);
      }),
  );

  it('answers a proxy that asks a server on the door for proxies, as its README says', () =>
    running('a-server-for-proxies-to-query', async (url) => {
      const asked = { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/invoices' };
      const ask = (headers: Record<string, string> = {}) => fetch(url, { headers: { ...asked, ...headers } });
      const accepted = await ask({ authorization: `Bearer ${token}` });
      expect([accepted.status, accepted.headers.get('x-auth-verdict')]).toEqual([200, 'accepted']);
      expect(accepted.headers.get('x-auth-subject')).toMatch(/^[0-9a-f-]{36}$/);
      const stranger = await ask();
      expect([stranger.status, stranger.headers.get('x-auth-verdict')]).toEqual([401, 'refused']);
      expect(stranger.headers.get('www-authenticate')).toMatch(/^Bearer realm="api"/);
    }));

  it('leaves open what is @Public()', () =>
    running('nestjs-on-fastify', async (url) => {
      expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
    }));
});
