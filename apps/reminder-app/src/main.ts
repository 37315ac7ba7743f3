import { exitCodes, ExitError, processEnvironment, runApp, type AppParts } from '#gatehouse/platform';
import { reminderProblems, schemaFor, type ReminderConfig } from './config.js';
import { Ledger } from './ledger.js';
import { ledgerCommand } from './ledger-command.js';
import { createReminder } from './reminder.js';
import type { RunReport } from './run.js';
import { openStorage, prepareStorage, withDatabase } from './storage.js';

const usage = [
  'npm run reminder -- once [--json]     one run; the last line of output is its report',
  'npm run reminder -- watch             a run now and by REMINDER_SCHEDULE',
  'npm run reminder -- ledger            mails that failed, died or are held',
  'npm run reminder -- ledger resolve <id> sent|resend',
  '                                      decide about one of them',
];

type Command = (config: ReminderConfig, parts: AppParts) => Promise<number | void>;

const commands: Record<string, Command> = { once, watch, ledger };

async function once(config: ReminderConfig, { log, shutdown, args }: AppParts): Promise<number> {
  const reminder = await createReminder(config, { log });
  shutdown.add('reminder', () => reminder.close());
  const report = await reminder.runOnce();
  process.stdout.write(`${args.includes('--json') ? JSON.stringify(report) : sentence(report)}\n`);
  return report.failed + report.held > 0 ? exitCodes.workHeld : exitCodes.done;
}

async function watch(config: ReminderConfig, { log, shutdown }: AppParts): Promise<void> {
  const reminder = await createReminder(config, { log });
  shutdown.add('reminder', () => reminder.close());
  await reminder.watch();
}

async function ledger(config: ReminderConfig, { log, shutdown, args }: AppParts): Promise<number> {
  const database = await openStorage(config, log);
  shutdown.add('database', () => database.close());
  const text = await withDatabase(async () => {
    await prepareStorage(database, log);
    return ledgerCommand(new Ledger(database), args.slice(1));
  });
  process.stdout.write(`${text}\n`);
  return exitCodes.done;
}

function sentence(report: RunReport): string {
  const held = report.held > 0 ? ` ("reminder ledger" lists them)` : '';
  return (
    `${counted(report.todosFound, 'todo')} found, ${counted(report.mailsSent, 'mail')} sent, ` +
    `${report.failed} failed, ${report.held} held${held}; ` +
    `${counted(report.waiting, 'todo')} for a later digest, ${report.withoutAddress} without a verified address.`
  );
}

const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`;

await runApp({
  name: 'reminder',
  about: 'e-mails people whose todos are due, as a client of the Todo API',
  usage,
  schema: schemaFor(processEnvironment()),
  check: reminderProblems,
  start: (config, parts) => {
    const command = commands[parts.args[0] ?? ''];
    if (!command)
      throw new ExitError('Say what to do: once, watch or ledger. --help explains them.', exitCodes.usage);
    return command(config, parts);
  },
});
