import { styled, type Screen } from './progress.js';
import { inWords } from './schedule.js';

export interface BannerFacts {
  readonly urls: {
    readonly todoApi: string;
    readonly sandbox: string;
    readonly mailbox: string;
    readonly smtp: string;
    readonly metrics: string;
  };
  /** The variables that choose the strategy, with their values. */
  readonly strategy: Readonly<Record<string, string>>;
  readonly database: string;
  readonly logFile: string;
  readonly tokenDirectory: string;
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
    ['Mailbox', urls.mailbox, 'shows every mail that is sent'],
    ['SMTP server', urls.smtp, 'what the Reminder App sends to'],
    ['Sandbox', urls.sandbox, 'stands in for FusionAuth'],
    ['Metrics', urls.metrics, 'of the Todo API'],
  ];
  const files = [
    ['Database', facts.database, ''],
    ['Log', facts.logFile, ''],
    ['Tokens', `${facts.tokenDirectory}/`, `${facts.tokenNames.join(', ')}; kept fresh`],
    ['Passwords', facts.passwordFile, `of ${facts.logIns.join(', ')} and the clients`],
  ];
  return `
${bold('Gatehouse is running.')} Strategy in force: ${bold(assignments(facts.strategy))}

${lines(places, screen)}

${lines(files, screen)}

${bold('Try it')}: a todo for Ada that is due in two hours

${createTodo(urls.todoApi, `${facts.tokenDirectory}/ada`)}

Its reminder to ${facts.mailTo} arrives ${soon} at ${bold(urls.mailbox)}
(a person's further reminders are gathered for six hours, unless a todo is due within two).

Ctrl-C stops everything.
`;
}

const assignments = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

function lines(rows: readonly (readonly string[])[], screen: Screen): string {
  const width = Math.max(...rows.map(([, where = '']) => where.length));
  return rows
    .map(([what = '', where = '', remark = '']) =>
      `  ${what.padEnd(12)} ${where.padEnd(width)}  ${styled('dim', remark, screen)}`.trimEnd(),
    )
    .join('\n');
}

/** A command for a POSIX shell. Node computes the instant, because `date` differs between systems. */
function createTodo(todoApi: string, tokenFile: string): string {
  const instant = `$(node -p 'new Date(Date.now()+2*3600e3).toISOString()')`;
  return [
    `  curl -X POST ${todoApi}/todos`,
    `    -H "Authorization: Bearer $(cat ${quoted(tokenFile)})"`,
    `    -H 'Content-Type: application/json'`,
    `    -d "{\\"title\\":\\"Buy oat milk\\",\\"dueAt\\":\\"${instant}\\"}"`,
  ].join(' \\\n');
}

const quoted = (path: string): string => `'${path.replaceAll("'", String.raw`'\''`)}'`;
