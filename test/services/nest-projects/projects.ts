import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { processEnvironment } from '#gatehouse/platform';
import { onExpress, onFastify, sources } from './sources.js';

const run = promisify(execFile);
const ours = (name: string) => resolve('node_modules/.bin', name);
const minutes = 60_000;

/** A project as NestJS generates it, and how it is compiled. */
export interface Project {
  readonly name: string;
  readonly nest: 11 | 12;
  readonly modules: 'CommonJS' | 'ESM';
  readonly generate: readonly [command: string, ...words: string[]];
  readonly extension: '' | '.js';
  readonly builds: readonly Build[];
  readonly unitTests: readonly string[];
}

export interface Build {
  /** `module` and `moduleResolution` of the tsconfig. */
  readonly module: string;
  readonly directory: string;
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

const asGenerated: Build = { module: 'nodenext', directory: 'dist' };
/** The settings that `nest new` wrote into tsconfig.json before it chose nodenext. */
const classic: Build = {
  module: 'commonjs, node10',
  directory: 'classic',
  compilerOptions: {
    ...{ module: 'commonjs', moduleResolution: 'node10', resolvePackageJsonExports: false },
    ...{ outDir: 'classic', incremental: false },
  },
};
const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
const nestNew = ['--skip-install', '--skip-git', '--package-manager', 'npm'];

export const projects: readonly Project[] = [
  {
    name: 'eleven',
    nest: 11,
    modules: 'CommonJS',
    generate: ['npm', 'exec', '--yes', '--package=@nestjs/cli@11', '--', 'nest', 'new', 'eleven', ...nestNew],
    extension: '',
    builds: [asGenerated, classic],
    unitTests: jest,
  },
  {
    name: 'twelve',
    nest: 12,
    modules: 'ESM',
    generate: [ours('nest'), 'new', 'twelve', '--no-observe', ...nestNew],
    extension: '.js',
    builds: [asGenerated],
    unitTests: ['node_modules/vitest/vitest.mjs', 'run'],
  },
  {
    // `nest new` asks for the module system at the terminal; this is the command that it then runs.
    name: 'twelve-commonjs',
    nest: 12,
    modules: 'CommonJS',
    generate: [
      ...([ours('schematics'), '@nestjs/schematics:application', '--name=twelve-commonjs'] as const),
      ...['--type=cjs', '--package-manager=npm'],
    ],
    extension: '',
    builds: [asGenerated],
    unitTests: jest,
  },
];

/** Generates the project below `directory`, installs the tarball into it with npm, and compiles it in each way. */
export async function makeProject(project: Project, directory: string, tarball: string): Promise<void> {
  const [command, ...words] = project.generate;
  await run(command, words, { cwd: directory, timeout: 2 * minutes });
  const at = join(directory, project.name);
  const main = readFileSync(join(at, 'src/main.ts'), 'utf8');
  const files = { ...sources(project.extension), 'main.ts': onExpress(main), 'fastify.ts': onFastify(main) };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(at, 'src', name), text);
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  const packages = [tarball, `@nestjs/platform-fastify@^${project.nest}`];
  await run('npm', [...install, ...packages], { cwd: at, timeout: 4 * minutes });
  for (const build of project.builds) await compile(at, build);
}

async function compile(at: string, { compilerOptions, directory }: Build): Promise<void> {
  if (!compilerOptions) {
    await run(join(at, 'node_modules/.bin/nest'), ['build'], { cwd: at, timeout: minutes });
    return;
  }
  const config = { extends: './tsconfig.build.json', compilerOptions };
  writeFileSync(join(at, `tsconfig.${directory}.json`), JSON.stringify(config));
  const tsc = ['node_modules/typescript/bin/tsc', '-p', `tsconfig.${directory}.json`];
  await run(process.execPath, tsc, { cwd: at, timeout: minutes });
}

/** Runs the unit tests of the project with its own runner; rejects when one fails. */
export const runUnitTests = (project: Project, directory: string, environment: Record<string, string>) =>
  run(process.execPath, [...project.unitTests], {
    cwd: join(directory, project.name),
    env: { PATH: processEnvironment()['PATH'], ...environment },
    timeout: minutes,
  });
