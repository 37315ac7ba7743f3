// `npm run docs`: builds the site from the documents, the READMEs and the doc comments of the public interfaces. A broken
// link fails the build. Its own packages are installed into dist/docs-work, because nothing else needs them.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stagePages } from './pages.mjs';
import { writeReference } from './reference.mjs';
import { serveSite } from './serve.mjs';

const usage = `npm run docs                         builds the site into dist/docs
npm run docs -- --serve [--port N]   builds it and serves it on 127.0.0.1 (default port: 4173)
npm run docs -- --repository URL     links to other files of the repository point below URL; without it they are plain text`;

const { values } = parseArgs({
  options: {
    serve: { type: 'boolean' },
    port: { type: 'string', default: '4173' },
    repository: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(usage);
  process.exit();
}

const here = import.meta.dirname;
const root = join(here, '..', '..');
const work = join(root, 'dist', 'docs-work');
const output = join(root, 'dist', 'docs');
const bin = (name) => join(work, 'node_modules', name);

/** Installs the packages of the site unless those of the lock file are there already. */
function install() {
  const lock = readFileSync(join(here, 'package-lock.json'), 'utf8');
  const installed = join(work, 'package-lock.json');
  if (existsSync(bin('vitepress')) && existsSync(installed) && readFileSync(installed, 'utf8') === lock)
    return;
  for (const file of ['package.json', '.npmrc']) cpSync(join(here, file), join(work, file));
  cpSync(join(here, 'package-lock.json'), installed);
  run('npm', ['ci', '--silent'], work);
}

function build() {
  const site = join(work, 'site');
  rmSync(site, { recursive: true, force: true });
  mkdirSync(join(site, '.vitepress'), { recursive: true });
  for (const file of [
    'config.mjs',
    'navigation.mjs',
    'links.mjs',
    'sequence.mjs',
    'sequence-language.mjs',
    'theme',
  ])
    cpSync(join(here, file), join(site, '.vitepress', file), { recursive: true });
  // Or Vite reads the one of the repository, whose target it does not know.
  for (const folder of [work, site]) writeFileSync(join(folder, 'tsconfig.json'), '{}');
  writeReference({ root, work, site });
  stagePages({ root, site, repository: values.repository });
  run(process.execPath, [bin('vitepress/bin/vitepress.js'), 'build', site, '--outDir', output], site);
}

/** Ends this process with the exit code of a command that fails; the command has said why. */
function run(command, args, cwd = root) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

mkdirSync(work, { recursive: true });
install();
build();
if (values.serve) console.log(`The site is at ${await serveSite(output, Number(values.port))}`);
else console.log('The site is in dist/docs. To build and serve it: npm run docs -- --serve');
