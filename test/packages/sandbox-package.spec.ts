import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../support/embedded-database.js';
import { type Manifest, manifestIn, tarballOf, unpack } from './packed.js';

const run = promisify(execFile);
const programs = 'node_modules/.bin';
const root = manifestIn('.');

/** What a reader of the types would write, without a line of configuration beyond `strict`. */
const typed = `
  const use = async (): Promise<string> => {
    const sandbox: Sandbox = await startSandbox({ port: 0 });
    const user = await sandbox.createUser({ roles: ['todo-reader'] });
    const { accessToken } = await sandbox.logIn(user);
    // @ts-expect-error there is no such answer
    sandbox.faults.set('*', { answer: 'explode' });
    await sandbox.stop();
    return accessToken;
  };
  void use;
`;

describe('the package gatehouse-sandbox', () => {
  let project: Awaited<ReturnType<typeof temporaryDirectory>>;
  let folder: string;
  let tarball: string;
  let manifest: Manifest;
  beforeAll(async () => {
    project = await temporaryDirectory();
    tarball = await tarballOf('gatehouse-sandbox');
    folder = unpack(tarball, project.path);
    manifest = manifestIn(folder);
  });
  afterAll(() => project.remove());

  const files = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => name.replaceAll('\\', '/'))
      .toSorted();

  it('holds code, types, the kickstart file, pages and papers, and nothing else', () => {
    const pages = /^lib\/tools\/sandbox\/(src|assets)\/[\w/-]+\.(eta|css|js|html|svg|json)$/;
    expect(files().filter((name) => !pages.test(name))).toEqual([
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES.md',
      'lib/command.cjs',
      'lib/deploy/kickstart/kickstart.json',
      'lib/index.cjs',
      'lib/index.d.cts',
      'lib/index.d.mts',
      'lib/index.mjs',
      'lib/sandbox.cjs',
      'package.json',
    ]);
  });

  it('weighs less than 5 MB, depends on nothing and needs the Node that its README names', () => {
    const bytes = files().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThan(5_000_000);
    expect([manifest.dependencies, manifest.peerDependencies, manifest.scripts]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([manifest.version, manifest.license]).toEqual([root.version, root.license]);
    const [, least] = /Node ([\d.]+) or newer/.exec(readFileSync(join(folder, 'README.md'), 'utf8')) ?? [];
    expect(manifest.engines.node).toBe(`>=${least ?? ''}`);
  });

  it('names no path and no name of the machine that made it, and no registry', () => {
    const telling = [resolve('.'), hostname(), '//registry.'].filter((text) => text.length > 3);
    for (const name of files()) {
      const content = readFileSync(join(folder, name), 'utf8');
      for (const text of telling) expect([name, content.includes(text) ? text : '']).toEqual([name, '']);
    }
  });

  it('has the licence of each package that is bundled', () => {
    const notices = readFileSync(join(folder, 'THIRD-PARTY-NOTICES.md'), 'utf8');
    const bundled = [...notices.matchAll(/^## (\S+) \S+ \((.+)\)$/gm)].map(([, name, licence]) => [
      name,
      licence,
    ]);
    expect(bundled.map(([name]) => name)).toEqual(expect.arrayContaining(['fastify', 'jose', 'zod', 'pino']));
    const permissive = /^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|0BSD|Unlicense)$/;
    expect(bundled.filter(([, licence]) => !permissive.test(licence ?? ''))).toEqual([]);
  });

  it('has types for CommonJS and ESM, as arethetypeswrong and publint see it', async () => {
    await run(join(programs, 'attw'), [tarball, '--no-emoji', '--no-color']);
    await run(join(programs, 'publint'), ['run', folder, '--strict', '--pack', 'false']);
  });

  it.each([
    ['commonjs', 'node10', 'node10.ts', `import { startSandbox, type Sandbox } from 'gatehouse-sandbox';`],
    ['nodenext', 'nodenext', 'module.mts', `import { startSandbox, type Sandbox } from 'gatehouse-sandbox';`],
    ['nodenext', 'nodenext', 'script.cts', `import { startSandbox, type Sandbox } from 'gatehouse-sandbox';`],
    ['preserve', 'bundler', 'bundler.ts', `import { startSandbox, type Sandbox } from 'gatehouse-sandbox';`],
  ])('is typed under module %s, moduleResolution %s (%s)', async (module, moduleResolution, file, line) => {
    writeFileSync(join(project.path, file), `${line}\n${typed}`);
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022'];
    const kinds = ['--module', module, '--moduleResolution', moduleResolution, '--ignoreDeprecations', '6.0'];
    await run(join(programs, 'tsc'), [...options, ...kinds, '--ignoreConfig', join(project.path, file)]);
  });

  it.each([
    ['index.mjs', `import { startSandbox } from 'gatehouse-sandbox';`],
    ['index.cjs', `const { startSandbox } = require('gatehouse-sandbox');`],
  ])('starts two sandboxes in one process from %s, which share nothing', async (file, line) => {
    const program = `${line}
      (async () => {
        const [one, other] = await Promise.all([startSandbox(), startSandbox()]);
        const user = await one.createUser({ email: 'ada@example.org' });
        const tokens = await one.logIn(user);
        const find = ({ call }) => call({ method: 'GET', path: '/api/user?email=ada@example.org' }).then(() => true, () => false);
        console.log(JSON.stringify([await find(one), await find(other), tokens.accessToken.split('.').length]));
        await Promise.all([one.stop(), other.stop()]);
      })();`;
    writeFileSync(join(project.path, file), program);
    const { stdout } = await run(process.execPath, [file], { cwd: project.path });
    expect(JSON.parse(stdout)).toEqual([true, false, 3]);
    expect(readdirSync(project.path)).not.toContain('.data');
  });
});
