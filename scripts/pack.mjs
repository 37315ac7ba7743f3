// The parts that `npm run pack:auth` and `npm run pack:sandbox` share.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const root = JSON.parse(readFileSync('package.json', 'utf8'));

/** The versions that this repository pins, by package. */
export const { dependencies, devDependencies } = root;

/** Runs the TypeScript compiler; its output goes to standard error. */
export const compile = (args) =>
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', ...args], { stdio: ['ignore', 2, 2] });

/**
 * Builds the tarball of a package in dist and prints its path. `fill` puts the files of the package into a separate
 * directory, since two may run in parallel, and returns its manifest without the fields that all packages share.
 * `documents` are copied.
 */
export async function pack({ name, documents, fill }) {
  if (process.argv.includes('--help')) {
    console.log(`builds the package ${name} and prints the path of its tarball`);
    process.exit(0);
  }
  mkdirSync('dist', { recursive: true });
  const directory = mkdtempSync('dist/package-');
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const own = await fill(directory);
  for (const file of ['LICENSE', ...documents]) cpSync(file, `${directory}/${basename(file)}`);
  const { version, license } = root;
  const manifest = { name, version, license, engines: { node: '>=22.19' }, files: ['lib'], ...own };
  writeFileSync(`${directory}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  const answer = execFileSync('npm', ['pack', '--json'], { cwd: directory, encoding: 'utf8' });
  const [{ filename }] = JSON.parse(answer.replace(/^[^[]*/, ''));
  renameSync(`${directory}/${filename}`, `dist/${filename}`);
  console.log(`dist/${filename}`);
}
