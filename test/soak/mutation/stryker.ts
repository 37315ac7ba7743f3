import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { PartialStrykerOptions, schema } from '@stryker-mutator/api/core';
import type { Room } from './rooms.js';
import type { Part } from './shard.js';

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
      // A test that a mutant has wait in vain has noticed; the longest of the others takes half of this.
      testTimeout: 3_000,
    },
  },
  coverageAnalysis: 'perTest',
  // A fault in what a module computes when it is loaded needs a fresh process and all tests: a ninth of them took most of the time.
  ignoreStatic: true,
  concurrency: 2,
  // Jest keeps the modules of each run: after a hundred a process holds gigabytes.
  maxTestRunnerReuse: 40,
  timeoutMS: 15_000,
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: `${directory}/report.json` },
  tempDirName: `${directory}/sandbox`,
  ignorePatterns: ['dist', 'coverage', '.data'],
});

/** What became of the mutants of one file. */
export interface FileReport {
  readonly source: string;
  /** Digest of the spec files of its room. */
  readonly specs: string;
  readonly mutants: readonly schema.MutantResult[];
}

/**
 * Mutates the files and runs the tests of their room against each mutant. Keeps the report of each file, so that a run in
 * parts adds up. Throws when Stryker gives up before the first mutant.
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
  // A file of types alone has no mutants, and no entry.
  for (const file of part.files) {
    const { mutants } = files[file] ?? { mutants: [] };
    const report: FileReport = { source: readFileSync(file, 'utf8'), specs: digestOf(part.room), mutants };
    writeFileSync(pathOf(file), JSON.stringify(report));
  }
}

function digestOf({ specs }: Room): string {
  const hash = createHash('sha256');
  for (const file of globSync([...specs]).toSorted()) hash.update(readFileSync(file));
  return hash.digest('hex');
}

const pathOf = (file: string) => `${directory}/${file.replaceAll('/', '!')}.json`;

/** The kept report of a file, or undefined where it has none, or it or its room's tests have changed since. */
export function reportOf(file: string, room: Room): FileReport | undefined {
  if (!existsSync(pathOf(file))) return undefined;
  const report = JSON.parse(readFileSync(pathOf(file), 'utf8')) as FileReport;
  const isCurrent = report.source === readFileSync(file, 'utf8') && report.specs === digestOf(room);
  return isCurrent ? report : undefined;
}
