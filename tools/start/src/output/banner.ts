import { dirname } from 'node:path';
import { strategies, type StrategyName } from '#gatehouse/auth';
import { type Screen, styled } from './progress.js';
import { inWords } from './schedule.js';

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
  readonly jwtValidation: string;
  /** How the Reminder App keeps its credential. */
  readonly source: string;
  readonly database: string;
  readonly logFile: string;
  /** Of each strategy in force, the first one being the one to try: Ada's file, and who has one beside it. */
  readonly credentials: readonly {
    readonly strategy: StrategyName;
    readonly file: string;
    readonly of: readonly string[];
  }[];
  readonly logIns: readonly string[];
  readonly passwordFile: string;
  /** Between two runs of the Reminder App; nothing when it does not run again. */
  readonly reminderSeconds: number | undefined;
  readonly mailTo: string;
}

/** The text on the screen once everything runs: where things are, what to try, what will happen. */
export function banner(facts: BannerFacts, screen: Screen): string {
  const { urls } = facts;
  const bold = (text: string) => styled('bold', text, screen);
  const soon =
    facts.reminderSeconds === undefined ? 'at its next run' : `within ${inWords(facts.reminderSeconds)}`;
  const addresses = [
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
    ...facts.credentials.map(({ strategy, file, of }) => [
      strategy,
      `${dirname(file)}/`,
      `credentials of ${of.join(', ')}${strategy === 'jwt' ? '; kept fresh' : ''}`,
    ]),
    ['Passwords', facts.passwordFile, `of ${facts.logIns.join(', ')} and the clients`],
  ];
  return `
${bold('Gatehouse is running.')} Strategy in force: ${bold(inForce(facts))}

${lines(addresses, screen)}

${lines(files, screen)}

${bold('Try it')}: a todo for Ada that is due in two hours

${createTodo(facts)}

Its reminder to ${facts.mailTo} arrives ${soon} at ${bold(urls.mailbox)}
(a person's further reminders are gathered for six hours, unless a todo is due within two).

Ctrl-C stops everything.
`;
}

function inForce({ credentials, jwtValidation, source }: BannerFacts): string {
  const names = credentials.map(({ strategy }) => strategy);
  const validation = names.includes('jwt') ? ` JWT_VALIDATION=${jwtValidation}` : '';
  // What AUTH_STRATEGY says already is not repeated.
  const unlike = source === names[0] ? '' : ` CREDENTIAL_SOURCE=${source}`;
  return `AUTH_STRATEGY=${names.join(',')}${validation}${unlike}`;
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
function createTodo({ urls, credentials }: BannerFacts): string {
  const credential = credentials
    .slice(0, 1)
    .map(({ strategy, file }) => strategies[strategy].presentation.curl(`$(cat ${quoted(file)})`));
  const instant = `$(node -p 'new Date(Date.now()+2*3600e3).toISOString()')`;
  return [
    `  curl -X POST ${urls.todoApi}/todos`,
    `    ${credential.join()}`,
    `    -H 'Content-Type: application/json'`,
    `    -d "{\\"title\\":\\"Buy oat milk\\",\\"dueAt\\":\\"${instant}\\"}"`,
  ].join(' \\\n');
}

const quoted = (path: string): string => `'${path.replaceAll("'", String.raw`'\''`)}'`;
