/**
 * Mutation score of the guard: `npm run soak -- --only mutation`. The tests are those beside the sources, which take
 * seconds; the contract and the hostile tokens would find more and take days.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: ['libs/auth/src/{core,layers,strategies}/**/*.ts', '!**/*.spec.ts'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: {
    configFile: 'jest.config.mjs',
    config: {
      roots: ['core', 'layers', 'strategies'].map((part) => `<rootDir>/libs/auth/src/${part}`),
      maxWorkers: 1,
      // A test that waits in vain has noticed; the longest of the others takes half a second.
      testTimeout: 4_000,
    },
  },
  coverageAnalysis: 'perTest',
  // A fault in a constant of a module needs a fresh process and all tests: a ninth of the faults took most of the time.
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ['progress-append-only', 'clear-text', 'json'],
  jsonReporter: { fileName: 'dist/mutation.json' },
  clearTextReporter: { logTests: false, allowColor: false },
  thresholds: { high: 90, low: 85, break: 85 },
  tempDirName: 'dist/stryker',
  ignorePatterns: ['dist', 'coverage', '.data'],
};
