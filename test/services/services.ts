import { spawnSync } from 'node:child_process';
import { startPostgres, type RunningPostgres } from '#gatehouse/database';
import { processEnvironment } from '#gatehouse/platform';

/**
 * `npm run test:services`: the contract and the end-to-end tests on a real PostgreSQL server, and what installs packages.
 * Uses TEST_DATABASE_URL or the PostgreSQL that is installed; what is missing is named, and fails the run with
 * REQUIRE_SERVICES=1.
 */
const suites = [
  'test/contract/',
  'test/e2e/todos/(answers|503)',
  'apps/todo-api/src/',
  'apps/reminder-app/src/(ledger|planning|shared)',
  'test/services/',
];

const environment = processEnvironment();
const server = environment['TEST_DATABASE_URL'] ? undefined : await startOrExplain();
const url = environment['TEST_DATABASE_URL'] ?? server?.url;
if (url === undefined) process.exit(environment['REQUIRE_SERVICES'] === '1' ? 1 : 0);

process.stdout.write(`PostgreSQL at ${new URL(url).host}: ${suites.join(', ')}\n`);
const jest = ['run', '--silent', 'test:jest', '--', ...suites, ...process.argv.slice(2)];
const { status } = spawnSync('npm', jest, {
  stdio: 'inherit',
  env: { ...environment, TEST_DATABASE_URL: url, TEST_SERVICES: '1' },
});
await server?.stop();
process.exit(status ?? 1);

async function startOrExplain(): Promise<RunningPostgres | undefined> {
  try {
    return await startPostgres();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return undefined;
  }
}
