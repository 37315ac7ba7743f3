/** Files whose decisions are mutated together, and the tests that must notice. */
export interface Room {
  readonly name: string;
  /** Globs of the sources. */
  readonly sources: readonly string[];
  /** Globs of the spec files that run: those that take seconds, not minutes. */
  readonly specs: readonly string[];
  /** The required share of noticed mutants, in per cent. */
  readonly promised: number;
}

const platform = (...names: string[]) => names.map((name) => `libs/platform/src/${name}.ts`);

/** The code whose decisions matter most. */
export const rooms: readonly Room[] = [
  {
    name: 'guard',
    sources: ['libs/auth/src/{core,layers,revocation,strategies}/**/*.ts'],
    specs: ['libs/auth/src/*.spec.ts', 'libs/auth/src/{core,layers,revocation,strategies}/**/*.spec.ts'],
    promised: 90,
  },
  {
    name: 'configuration',
    sources: platform('config', 'env-file*', 'mistyped', 'setting*'),
    specs: platform('config.spec', 'env-file*.spec', 'mistyped.spec', 'setting*.spec'),
    promised: 85,
  },
  {
    name: 'redaction',
    sources: platform('logger', 'secret', 'problem'),
    specs: platform('logger.spec', 'secret.spec', 'problem.spec'),
    promised: 85,
  },
  {
    name: 'locks',
    sources: platform('process-lock', 'private-file'),
    specs: platform('process-lock.spec', 'private-file.spec'),
    promised: 85,
  },
  {
    name: 'ownership and idempotency',
    sources: ['apps/todo-api/src/owners/*.ts', 'apps/todo-api/src/todos/*.ts'],
    specs: ['apps/todo-api/src/{owners,todos}/*.spec.ts', 'test/e2e/todos/answers/*.spec.ts'],
    promised: 85,
  },
  {
    name: 'ledger',
    sources: ['apps/reminder-app/src/ledger/*.ts'],
    specs: ['apps/reminder-app/src/ledger/*.spec.ts'],
    promised: 85,
  },
  {
    name: 'life of a credential, and its audit',
    sources: ['apps/dev-center/src/{clients,lifecycle}/*.ts'],
    specs: ['apps/dev-center/src/{clients,lifecycle}/*.spec.ts', 'test/e2e/dev-center/life/*.spec.ts'],
    promised: 85,
  },
];
