import { spawnSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { basename, join } from 'node:path';
import vm from 'node:vm';

// Lets the workers share compiled code.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/node-compile');

// Jest runs ECMAScript modules only with Node's experimental vm modules. Started without that flag, by `npx jest` or an
// editor's extension, it restarts itself with it.
if (!vm.SourceTextModule && /^jest(\.js)?$/.test(basename(process.argv[1] ?? ''))) {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const command = [process.execPath, ...process.execArgv, ...flags, ...process.argv.slice(1)];
  // Replaces this process, so that signals and the exit code need no forwarding; Windows has no such call.
  if (process.platform !== 'win32') process.execve(process.execPath, command);
  process.exit(spawnSync(command[0], command.slice(1), { stdio: 'inherit' }).status ?? 1);
}

// A test's database is a thousand small files: stored in memory where it is large enough, to spare the disk.
const memory = '/dev/shm';
const roomy = () => {
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 2 ** 31;
};
if (!process.env['TMPDIR'] && existsSync(memory) && roomy()) process.env['TMPDIR'] = memory;

/** @type {import('jest').Config} */
export default {
  roots: ['apps', 'libs', 'tools', 'test'].map((room) => `<rootDir>/${room}`),
  testMatch: ['**/*.spec.ts'],
  // These need more than Node and npm: `npm run test:services` runs them.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env['TEST_SERVICES'] ? [] : ['<rootDir>/test/services/']),
  ],
  // Beside the other tools' caches, instead of in TMPDIR.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testEnvironment: '<rootDir>/test/support/jest/environment.mjs',
  runtime: '<rootDir>/test/support/jest/runtime.mjs',
  testSequencer: '<rootDir>/test/support/jest/sequencer.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^#gatehouse/auth/(nest|node|forward)$': '<rootDir>/libs/auth/src/doors/$1/index.ts',
    '^#gatehouse/fusionauth/(control|kickstart)$': '<rootDir>/libs/fusionauth/src/$1.ts',
    '^#gatehouse/(.*)$': '<rootDir>/libs/$1/src/index.ts',
    '^#prisma/(.*)$': '<rootDir>/prisma/$1/generated/client.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  setupFiles: ['<rootDir>/test/support/jest-setup.ts'],
  reporters: ['default', '<rootDir>/test/checklist/checklist-reporter.mjs'],
  // Two for each of two cores, because many tests wait; an embedded database uses most of a gigabyte.
  maxWorkers: 4,
  testTimeout: 60_000,
  coverageProvider: 'babel',
};
