import { storageProblem } from '#gatehouse/database';
import { type AppParts, chooseCommand, processEnvironment, runApp } from '#gatehouse/platform';
import { type ReminderConfig, reminderProblems, runFileProblems, schemaFor, seedNotes } from './config.js';

const usage = [
  'npm run reminder -- once [--json]     one run; prints its report, as JSON with --json',
  'npm run reminder -- once --dry-run [--now INSTANT] [--json]',
  '                                      shows who would get which mail; sends and changes nothing; with --json',
  '                                      one object per mail and line, and nothing if there is no mail',
  'npm run reminder -- watch             runs by REMINDER_SCHEDULE, one tick across all workers of a DATABASE_URL',
  'npm run reminder -- serve             the unsubscribe page, on PORT',
  'npm run reminder -- ledger [list] [--state STATE] [--json]',
  '                                      mails that have not been sent: planned, sending, failed, unknown or dead',
  'npm run reminder -- ledger retry <id>|all [--json]',
  '                                      makes the next run retry failed and dead mails',
  'npm run reminder -- ledger resolve <id>|all sent|resend [--json]',
  '                                      decides about mails whose SMTP reply was lost (unknown)',
  '',
  'The log of once and ledger goes to standard error.',
  'INSTANT is ISO 8601 with a zone, such as 2026-11-22T18:00:00Z.',
  'Exit codes: 0 done; 1 a mail failed or waits; 2 wrong usage; 3 credential refused; 4 Todo API, FusionAuth or',
  'database unavailable; 75 data directory in use; 78 bad configuration; 130, 143 stopped by a signal after draining.',
];

type Command = (config: ReminderConfig, parts: AppParts) => Promise<number | void>;

/** Loaded on demand, because each needs different libraries. */
const commands: Record<string, () => Promise<Command>> = {
  once: async () => (await import('./commands/once.command.js')).once,
  watch: async () => (await import('./commands/watch.command.js')).watch,
  serve: async () => (await import('./commands/serve.command.js')).serve,
  ledger: async () => (await import('./commands/ledger.command.js')).ledger,
};

/** Returns whether the command needs a credential and sends mails; `--check-config` alone is about all commands. */
const makesRuns = (command: string | undefined) => command !== 'serve' && command !== 'ledger';

await runApp({
  name: 'reminder',
  directory: 'reminder-app',
  about: 'e-mails people whose todos are due, as a client of the Todo API',
  usage,
  schema: schemaFor,
  check: async (config: ReminderConfig, [command]) => [
    ...reminderProblems(config),
    ...storageProblem('reminder', config),
    ...(makesRuns(command) ? await runFileProblems(config) : []),
  ],
  notes: (config, [command]) => (makesRuns(command) ? seedNotes(config) : []),
  printsResult: ([command]) => command === 'once' || command === 'ledger',
  // At a terminal the run prints sentences instead.
  logLevel: ({ LOG_LEVEL }) =>
    process.stdout.isTTY && processEnvironment()['LOG_LEVEL'] === undefined ? 'warn' : LOG_LEVEL,
  async start(config, parts) {
    const { chosen, rest } = chooseCommand('npm run reminder', commands, parts.args);
    const command = await chosen();
    return command(config, { ...parts, args: rest });
  },
});
