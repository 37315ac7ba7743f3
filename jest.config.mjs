import { existsSync, statfsSync } from 'node:fs';

// A test's database is a thousand small files: where memory can hold them, the disk need not.
const memory = '/dev/shm';
const roomy = () => {
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 2 ** 31;
};
if (!process.env['TMPDIR'] && existsSync(memory) && roomy()) process.env['TMPDIR'] = memory;

/** @type {import('jest').Config} */
export default {
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  // Need more than Node and npm: `npm run test:services` runs them.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env['TEST_SERVICES'] ? [] : ['<rootDir>/test/services/']),
  ],
  // Beside the other tools' caches, and not wherever TMPDIR is.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testEnvironment: 'node',
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
    '^#gatehouse/auth/(nest|node)$': '<rootDir>/libs/auth/src/doors/$1/index.ts',
    '^#gatehouse/fusionauth/(control|kickstart)$': '<rootDir>/libs/fusionauth/src/$1.ts',
    '^#gatehouse/(.*)$': '<rootDir>/libs/$1/src/index.ts',
    '^#prisma/(.*)$': '<rootDir>/prisma/$1/generated/client.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  setupFiles: ['<rootDir>/test/support/jest-setup.ts'],
  reporters: ['default', '<rootDir>/test/checklist/checklist-reporter.mjs'],
  // One more than two cores, for some tests wait; an embedded database takes most of a gigabyte.
  maxWorkers: 3,
  testTimeout: 60_000,
  coverageProvider: 'babel',
};
