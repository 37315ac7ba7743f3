import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { exitCodes, option, processEnvironment, runTool } from '#gatehouse/platform';
import { type RunningPostgres, startPostgres } from '../../tools/bench/src/installed-postgres.js';
import { unpackMailServers } from './mail-servers/debian-packages.js';

/** Paths of spec files, as Jest reads them, by their name for `--only`. */
const parts = {
  contract: 'test/contract/',
  todos: 'test/e2e/todos/(answers|503)|apps/todo-api/src/',
  reminder: 'apps/reminder-app/src/.*(ledger|repository)',
  calendar: 'test/services/calendar',
  'client-lock': 'test/services/client-lock',
  gateways: 'test/services/gateways/(?!throughput)',
  'gateway-throughput': 'test/services/gateways/throughput',
  image: 'test/services/image',
  lambda: 'test/services/lambda-authorizer',
  'comparison-pages': 'test/services/comparison-pages',
  'hosted-backend': 'test/services/hosted-backend',
  mailbox: 'test/services/mailbox',
  'mail-servers': 'test/services/mail-servers',
  'nest-projects': 'test/services/nest-projects',
  package: 'test/services/package',
  pooler: 'test/services/pooler',
  portal: 'test/services/portal',
  'sandbox-page': 'test/services/sandbox-page',
  'todo-page': 'test/services/todo-page',
  revocations: 'libs/revocations/src|test/services/revocations',
  site: 'test/services/site',
} as const;
const names = Object.keys(parts) as (keyof typeof parts)[];

const environment = processEnvironment();
const isRequired = environment['REQUIRE_SERVICES'] === '1';

await runTool({
  name: 'test:services',
  command: 'npm run test:services',
  about: `the tests that need more than Node and npm

The contract and the end-to-end tests on a real PostgreSQL server; the Reminder through real mail servers; the Todo
API behind PgBouncer and behind HAProxy, nginx and Caddy; revocations between replicas; the image; in Chromium, the
pages of the comparison, the portal, a person’s todos, the mailbox, the sandbox and the documentation, and a page
with FusionAuth’s React SDK; the Lambda authorizer on serverless-offline; and what else installs packages.

Uses TEST_DATABASE_URL or the PostgreSQL that is installed, and the mail servers of Debian 12, which it unpacks into
a temporary directory.`,
  options: {
    only: option(z.array(z.enum(names, `must be one of ${names.join(', ')}`)).optional(), {
      value: 'NAME',
      about: `only this part, of ${names.join(', ')}; repeat it for several`,
      repeated: true,
    }),
  },
  notes: 'What cannot run on this machine is listed at the end; with REQUIRE_SERVICES=1 it fails.',
  run: async ({ only = names }) => {
    const server = environment['TEST_DATABASE_URL'] ? undefined : await startOrExplain();
    const url = environment['TEST_DATABASE_URL'] ?? server?.url;
    if (url === undefined) return isRequired ? exitCodes.workHeld : exitCodes.done;
    try {
      return runJest(url, only);
    } finally {
      await server?.stop();
    }
  },
});

/** Runs the parts on a database server, prints which tests did not run, and returns the exit code. */
function runJest(databaseUrl: string, only: readonly (keyof typeof parts)[]): number {
  const mailServers = only.includes('mail-servers') ? mailServersOrExplain() : undefined;
  const scratch = mkdtempSync(join(tmpdir(), 'gatehouse-services-'));
  const [report, figures] = [join(scratch, 'report.json'), join(scratch, 'figures')];
  process.stdout.write(`PostgreSQL at ${new URL(databaseUrl).host}: ${only.join(', ')}\n`);
  const paths = only.map((name) => parts[name]);
  const { status } = spawnSync(
    'npm',
    ['run', '--silent', 'test:jest', '--', '--json', `--outputFile=${report}`, ...paths],
    {
      stdio: ['inherit', 'ignore', 'inherit'],
      env: {
        ...environment,
        TEST_DATABASE_URL: databaseUrl,
        TEST_SERVICES: '1',
        TEST_FIGURES: figures,
        TEST_MAIL_SERVERS: mailServers ?? '',
      },
    },
  );
  if (existsSync(figures)) process.stdout.write(readFileSync(figures, 'utf8'));
  for (const line of notRun(report)) process.stdout.write(`${line}\n`);
  for (const directory of [scratch, mailServers]) if (directory) rmSync(directory, { recursive: true });
  return status ?? exitCodes.workHeld;
}

/** Returns a line for each skipped block of tests, with the reason from its title. */
function notRun(report: string): string[] {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { assertionResults: { status: string; ancestorTitles: string[]; title: string }[] }[];
  };
  const skipped = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'pending')
    .map(({ ancestorTitles, title }) => ancestorTitles[0] ?? title);
  return [...new Set(skipped)].map(
    (title) => `Not run, ${skipped.filter((one) => one === title).length} tests: ${title}`,
  );
}

async function startOrExplain(): Promise<RunningPostgres | undefined> {
  try {
    return await startPostgres();
  } catch (error) {
    process.stderr.write(`Nothing was run: ${(error as Error).message}\n`);
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
