import { dirname } from 'node:path';
import type { TodoApiConfig } from '../../todo-api/src/config.js';
import { styled, type Screen } from './progress.js';
import { inWords } from './schedule.js';

type Strategy = TodoApiConfig['AUTH_STRATEGY'][number];

export interface BannerFacts {
  readonly urls: {
    readonly todoApi: string;
    readonly devCenter: string;
    readonly sandbox: string;
    readonly mailbox: string;
    readonly smtp: string;
    readonly unsubscribe: string;
    readonly metrics: string;
  };
  /** In force, the first one being the one to try. */
  readonly strategies: readonly Strategy[];
  readonly jwtValidation: string;
  /** How the Reminder App keeps its credential. */
  readonly source: string;
  readonly database: string;
  readonly logFile: string;
  /** Where Ada's credential of each strategy is; those of `tokenNames` are beside her token. */
  readonly credentialFiles: Readonly<Record<Strategy, string>>;
  readonly tokenNames: readonly string[];
  readonly logIns: readonly string[];
  readonly passwordFile: string;
  /** Between two runs of the Reminder App; nothing when it does not run again. */
  readonly reminderSeconds: number | undefined;
  readonly mailTo: string;
}

/** What stands on the screen once everything runs: where things are, what to try, what will happen. */
export function banner(facts: BannerFacts, screen: Screen): string {
  const { urls } = facts;
  const bold = (text: string) => styled('bold', text, screen);
  const soon =
    facts.reminderSeconds === undefined ? 'at its next run' : `within ${inWords(facts.reminderSeconds)}`;
  const places = [
    ['Todo API', urls.todoApi, `documentation ${urls.todoApi}/docs`],
    ['Dev Center', urls.devCenter, 'issues and rotates: npm run credentials -- --help'],
    ['Mailbox', urls.mailbox, 'shows every mail that is sent'],
    ['SMTP server', urls.smtp, 'what the Reminder App sends to'],
    ['Unsubscribe', urls.unsubscribe, 'where the links of the mails lead'],
    ['Sandbox', urls.sandbox, 'stands in for FusionAuth'],
    ['Metrics', urls.metrics, 'of the Todo API'],
  ];
  const files = [
    ['Database', facts.database, ''],
    ['Log', facts.logFile, ''],
    ...facts.strategies.map((strategy) => credentialLine(strategy, facts)),
    ['Passwords', facts.passwordFile, `of ${facts.logIns.join(', ')} and the clients`],
  ];
  return `
${bold('Gatehouse is running.')} Strategy in force: ${bold(inForce(facts))}

${lines(places, screen)}

${lines(files, screen)}

${bold('Try it')}: a todo for Ada that is due in two hours

${createTodo(facts)}

Its reminder to ${facts.mailTo} arrives ${soon} at ${bold(urls.mailbox)}
(a person's further reminders are gathered for six hours, unless a todo is due within two).

Ctrl-C stops everything.
`;
}

function inForce({ strategies, jwtValidation, source }: BannerFacts): string {
  const validation = strategies.includes('jwt') ? ` JWT_VALIDATION=${jwtValidation}` : '';
  // What AUTH_STRATEGY says already is not repeated.
  const unlike = source === strategies[0] ? '' : ` CREDENTIAL_SOURCE=${source}`;
  return `AUTH_STRATEGY=${strategies.join(',')}${validation}${unlike}`;
}

function credentialLine(strategy: Strategy, { credentialFiles: files, tokenNames }: BannerFacts): string[] {
  switch (strategy) {
    case 'jwt':
      return ['Tokens', `${dirname(files.jwt)}/`, `${tokenNames.join(', ')}; kept fresh`];
    case 'api-key':
      return ['API key', files['api-key'], 'opens the todos of ada'];
    case 'email-token':
      return ['Auth. token', files['email-token'], 'authentication token of ada'];
  }
}

function lines(rows: readonly (readonly string[])[], screen: Screen): string {
  const width = Math.max(...rows.map(([, where = '']) => where.length));
  return rows
    .map(([what = '', where = '', remark = '']) =>
      `  ${what.padEnd(12)} ${where.padEnd(width)}  ${styled('dim', remark, screen)}`.trimEnd(),
    )
    .join('\n');
}

/** A command for a POSIX shell. Node computes the instant, because `date` differs between systems. */
function createTodo({ urls, strategies: [strategy = 'jwt'], credentialFiles, mailTo }: BannerFacts): string {
  const instant = `$(node -p 'new Date(Date.now()+2*3600e3).toISOString()')`;
  return [
    `  curl -X POST ${urls.todoApi}/todos`,
    `    ${presented(strategy, `$(cat ${quoted(credentialFiles[strategy])})`, mailTo)}`,
    `    -H 'Content-Type: application/json'`,
    `    -d "{\\"title\\":\\"Buy oat milk\\",\\"dueAt\\":\\"${instant}\\"}"`,
  ].join(' \\\n');
}

/** The words with which curl presents a credential. */
function presented(strategy: Strategy, credential: string, email: string): string {
  switch (strategy) {
    case 'jwt':
      return `-H "Authorization: Bearer ${credential}"`;
    case 'api-key':
      return `-H "X-API-Key: ${credential}"`;
    case 'email-token':
      return `-u "${email}:${credential}"`;
  }
}

const quoted = (path: string): string => `'${path.replaceAll("'", String.raw`'\''`)}'`;
