import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { type RunningPostgres, startPostgres } from '#gatehouse/database';
import { processEnvironment } from '#gatehouse/platform';
import { unpackMailServers } from './mail-servers/debian-packages.js';

/**
 * `npm run test:services`: the contract and the end-to-end tests on a real PostgreSQL server, the Reminder through real mail
 * servers, and what installs packages. Uses TEST_DATABASE_URL or the PostgreSQL that is installed, and the mail servers of
 * Debian 12, which it unpacks into a temporary directory; what is missing is named, and fails the run with
 * REQUIRE_SERVICES=1.
 */
const suites = [
  'test/contract/',
  'test/e2e/todos/(answers|503)',
  'apps/todo-api/src/',
  'apps/reminder-app/src/(ledger|shared)',
  'test/services/',
];

const environment = processEnvironment();
const server = environment['TEST_DATABASE_URL'] ? undefined : await startOrExplain();
const url = environment['TEST_DATABASE_URL'] ?? server?.url;
const isRequired = environment['REQUIRE_SERVICES'] === '1';
if (url === undefined) process.exit(isRequired ? 1 : 0);
const mailServers = mailServersOrExplain();

process.stdout.write(`PostgreSQL at ${new URL(url).host}: ${suites.join(', ')}\n`);
const jest = ['run', '--silent', 'test:jest', '--', ...suites, ...process.argv.slice(2)];
const { status } = spawnSync('npm', jest, {
  stdio: 'inherit',
  env: { ...environment, TEST_DATABASE_URL: url, TEST_SERVICES: '1', TEST_MAIL_SERVERS: mailServers ?? '' },
});
await server?.stop();
if (mailServers) rmSync(mailServers, { recursive: true });
process.exit(isRequired && !mailServers ? 1 : (status ?? 1));

async function startOrExplain(): Promise<RunningPostgres | undefined> {
  try {
    return await startPostgres();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return undefined;
  }
}

function mailServersOrExplain(): string | undefined {
  try {
    return unpackMailServers();
  } catch (error) {
    process.stderr.write(`Not run through a real mail server: ${(error as Error).message}\n`);
    return undefined;
  }
}
