import { dirname, join } from 'node:path';
import { strategies, type StrategyName } from '#gatehouse/auth';
import type { StartConfig } from '../config.js';
import { credentialFile, holders } from '../credentials/people.js';
import { people } from '../identities.js';
import { logFileIn } from './logs.js';
import { type Screen, styled } from './progress.js';
import { inWords, secondsBetweenRuns } from './schedule.js';

export interface BannerFacts {
  readonly config: StartConfig;
  /** The active strategies; the first one is the one to try. */
  readonly strategies: readonly StrategyName[];
  /** The settings as shell assignments. */
  readonly settings: string;
  readonly urls: {
    readonly todoApi: string;
    readonly devCenter: string;
    readonly sandbox: string;
    readonly mailbox: string;
    readonly smtp: string;
    readonly unsubscribe: string;
    readonly metrics: string;
  };
}

/** Returns the text shown once everything runs: the addresses, a command to try, and what will happen next. */
export function banner(facts: BannerFacts, screen: Screen): string {
  const { urls } = facts;
  const { DATABASE_URL, DATA_DIR: dataDir, REMINDER_SCHEDULE } = facts.config;
  const bold = (text: string) => styled('bold', text, screen);
  const seconds = secondsBetweenRuns(REMINDER_SCHEDULE);
  const soon = seconds === undefined ? 'at its next run' : `within ${inWords(seconds)}`;
  const emails = people.map(({ email }) => email);
  const addresses = [
    ['Todo API', urls.todoApi, `documentation ${urls.todoApi}/docs`],
    ['Dev Center', urls.devCenter, 'home page of the whole system; log in for a credential'],
    ['Comparison', `${urls.devCenter}/compare/`, 'every strategy side by side; a button measures them here'],
    ['Mailbox', urls.mailbox, 'shows every mail that is sent'],
    ['SMTP server', urls.smtp, 'receives the mails of the Reminder App'],
    ['Unsubscribe', urls.unsubscribe, 'target of the unsubscribe links in the mails'],
    ['Sandbox', urls.sandbox, 'stands in for FusionAuth'],
    ['Metrics', urls.metrics, 'of the Todo API'],
  ];
  const files = [
    ['Database', DATABASE_URL ? 'the server behind DATABASE_URL' : `embedded in ${dataDir}`, ''],
    ['Log', logFileIn(dataDir), ''],
    ...facts.strategies.map((strategy) => credentialsLine(dataDir, strategy)),
    ['Passwords', join(dataDir, 'sandbox', 'secrets.env'), `of ${emails.join(', ')} and the clients`],
  ];
  return `
${bold('Gatehouse is running.')} Active strategy: ${bold(facts.settings)}

${lines(addresses, screen)}

${lines(files, screen)}

${bold('Try it')}: a todo for Ada that is due in two hours

${createTodo(facts)}

Its reminder to ${emails[0]} arrives ${soon} at ${bold(urls.mailbox)}
(a person's further reminders are gathered for six hours, unless a todo is due within two).

Ctrl-C stops everything.
`;
}

function credentialsLine(dataDir: string, strategy: StrategyName): string[] {
  const names = holders(strategy).map(({ name }) => name);
  const remark = `credentials of ${names.join(', ')}${strategy === 'jwt' ? '; kept fresh' : ''}`;
  return [strategy, `${dirname(credentialFile(dataDir, strategy, 'ada'))}/`, remark];
}

function lines(rows: readonly (readonly string[])[], screen: Screen): string {
  const width = Math.max(...rows.map(([, where = '']) => where.length));
  return rows
    .map(([what = '', where = '', remark = '']) =>
      `  ${what.padEnd(12)} ${where.padEnd(width)}  ${styled('dim', remark, screen)}`.trimEnd(),
    )
    .join('\n');
}

/** Returns a command for a POSIX shell. Node computes the instant, because `date` differs between systems. */
function createTodo({ urls, strategies: [strategy = 'jwt'], config }: BannerFacts): string {
  const credential = `$(cat ${quoted(credentialFile(config.DATA_DIR, strategy, 'ada'))})`;
  const instant = `$(node -p 'new Date(Date.now()+2*3600e3).toISOString()')`;
  return [
    `  curl -X POST ${urls.todoApi}/todos`,
    `    ${strategies[strategy].presentation.curl(credential)}`,
    `    -H 'Content-Type: application/json'`,
    `    -d "{\\"title\\":\\"Buy oat milk\\",\\"dueAt\\":\\"${instant}\\"}"`,
  ].join(' \\\n');
}

const quoted = (path: string): string => `'${path.replaceAll("'", String.raw`'\''`)}'`;
