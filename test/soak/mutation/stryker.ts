import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { PartialStrykerOptions, schema } from '@stryker-mutator/api/core';
import type { Room } from './rooms.js';
import { filesOf, type Part } from './shard.js';

const directory = 'dist/mutation';

const optionsFor = ({ room, files }: Part): PartialStrykerOptions => ({
  mutate: [...files],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: {
    configFile: 'jest.config.mjs',
    config: {
      testMatch: room.specs.map((glob) => `<rootDir>/${glob}`),
      maxWorkers: 1,
      // Stryker wraps Jest's own environment.
      testEnvironment: 'node',
      runtime: 'jest-runtime',
      reporters: [],
      // A test that waits in vain because of a mutant counts as having noticed it; the slowest other test takes half of
      // this.
      testTimeout: 3_000,
    },
  },
  coverageAnalysis: 'perTest',
  // Mutants in code that runs at load time need a fresh process and all tests: a ninth of all mutants took most of the
  // time.
  ignoreStatic: true,
  concurrency: 2,
  // Jest retains the modules of each run: after a hundred runs a process uses gigabytes.
  maxTestRunnerReuse: 40,
  timeoutMS: 15_000,
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: `${directory}/report.json` },
  tempDirName: `${directory}/sandbox`,
  ignorePatterns: ['dist', 'coverage', '.data'],
});

/** The results of the mutants of one file. */
export interface FileReport {
  readonly source: string;
  /** Digest of the spec files of its room. */
  readonly specs: string;
  readonly mutants: readonly schema.MutantResult[];
}

/**
 * Mutates the files and runs the tests of their room against each mutant. Stores the report of each file, so that runs
 * in parts add up. Throws when Stryker fails before the first mutant.
 */
export async function runStryker(part: Part, say: (text: string) => void): Promise<void> {
  mkdirSync(directory, { recursive: true });
  rmSync(`${directory}/report.json`, { force: true });
  writeFileSync(`${directory}/options.json`, JSON.stringify(optionsFor(part)));
  const program = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', `${directory}/options.json`];
  const tool = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
  tool.stdout.on('data', (chunk: Buffer) => {
    const [news] = /Mutation testing\s.*|ERROR [^]*/.exec(chunk.toString()) ?? [];
    if (news !== undefined) say(`${part.room.name}: ${news}`);
  });
  await once(tool, 'exit');
  if (!existsSync(`${directory}/report.json`))
    throw new Error('Stryker gave up before the first mutant; above it says why.');
  const { files } = JSON.parse(readFileSync(`${directory}/report.json`, 'utf8')) as schema.MutationTestResult;
  // A file that contains only types has no mutants and no entry.
  for (const file of part.files) {
    const { mutants } = files[file] ?? { mutants: [] };
    const report: FileReport = { source: readFileSync(file, 'utf8'), specs: digestOf(part.room), mutants };
    writeFileSync(pathOf(file), JSON.stringify(report));
  }
}

function digestOf({ specs }: Room): string {
  const hash = createHash('sha256');
  for (const file of filesOf(specs)) hash.update(readFileSync(file));
  return hash.digest('hex');
}

const pathOf = (file: string) => `${directory}/${file.replaceAll('/', '!')}.json`;

/**
 * Returns the stored report of a file; undefined where there is none, or the file or its room's tests have changed
 * since.
 */
export function reportOf(file: string, room: Room): FileReport | undefined {
  if (!existsSync(pathOf(file))) return undefined;
  const report = JSON.parse(readFileSync(pathOf(file), 'utf8')) as FileReport;
  const isCurrent = report.source === readFileSync(file, 'utf8') && report.specs === digestOf(room);
  return isCurrent ? report : undefined;
}
