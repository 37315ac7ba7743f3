import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../support/embedded-database.js';
import { filesIn, type Manifest, manifestIn, packingMs, tarballOf, telltales, unpack } from './packed.js';

const run = promisify(execFile);
const programs = 'node_modules/.bin';
const root = manifestIn('.');

describe('the package gatehouse-auth', () => {
  let project: Awaited<ReturnType<typeof temporaryDirectory>>;
  let folder: string;
  let tarball: string;
  let manifest: Manifest;
  beforeAll(async () => {
    project = await temporaryDirectory();
    tarball = await tarballOf('gatehouse-auth');
    folder = unpack(tarball, project.path);
    manifest = manifestIn(folder);
  }, packingMs);
  afterAll(() => project.remove());

  it('holds each source of its three libraries as code and types, papers, and nothing else', () => {
    const sources = globSync('libs/{auth,fusionauth,platform}/src/**/*.ts').map((path) =>
      path.replaceAll('\\', '/'),
    );
    const shipped = sources.filter(
      (path) => !/\.spec\.ts$|^libs\/fusionauth\/src\/(control|kickstart)/.test(path),
    );
    const compiled = shipped.flatMap((path) =>
      ['js', 'd.ts'].map((kind) => path.replace(/^libs/, 'lib').replace(/ts$/, kind)),
    );
    expect(filesIn(folder)).toEqual([...compiled, 'LICENSE', 'README.md', 'package.json'].toSorted());
  });

  it('names the versions that are tested here, the licence and the Node that it needs', () => {
    const { dependencies = {}, peerDependencies = {} } = manifest;
    const pinned = { ...root.devDependencies, ...root.dependencies };
    expect(dependencies).toEqual(
      Object.fromEntries(Object.keys(dependencies).map((name) => [name, pinned[name]])),
    );
    expect(Object.keys(peerDependencies)).toEqual([
      '@nestjs/common',
      '@nestjs/core',
      '@nestjs/platform-fastify',
    ]);
    expect([manifest.version, manifest.license, manifest.engines.node, manifest.scripts]).toEqual([
      root.version,
      root.license,
      '>=22.19',
      undefined,
    ]);
  });

  it('imports by no name that only this repository knows', () => {
    const code = filesIn(folder).filter((name) => /\.(js|d\.ts)$/.test(name));
    expect(code.filter((name) => /['"]#gatehouse/.test(readFileSync(join(folder, name), 'utf8')))).toEqual(
      [],
    );
  });

  it('names no path and no name of the machine that made it, and no registry', () => {
    expect(telltales(folder)).toEqual([]);
  });

  it('has types for CommonJS and ESM, as arethetypeswrong and publint see it', async () => {
    // CommonJS loads ESM with require(), which Node supports from 22.12 on.
    const rules = ['--ignore-rules', 'cjs-resolves-to-esm'];
    await run(join(programs, 'attw'), [tarball, '--no-emoji', '--no-color', ...rules]);
    await run(join(programs, 'publint'), ['run', folder, '--strict', '--pack', 'false']);
  });
});
