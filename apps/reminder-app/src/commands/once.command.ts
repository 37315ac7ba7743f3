import {
  type AppParts,
  type Arguments,
  exitCodes,
  flagOption,
  misused,
  option,
  processEnvironment,
  readArguments,
  rereadSecret,
} from '#gatehouse/platform';
import { instant } from '#gatehouse/todo-contract';
import type { ReminderConfig } from '../config.js';
import { startContext } from '../ledger/storage.module.js';
import { digestOf, inWords as when } from '../mail/digest.js';
import { ReminderModule } from '../reminder.module.js';
import type { Unmailable } from '../run/mailable.js';
import type { MailPreview } from '../run/preview.js';
import { noProgress, terminalProgress } from '../run/run-progress.js';
import { counted, inWords, isWorkLeft, unmailableInWords } from '../run/run-report.js';
import { Runner } from '../run/runner.js';

const commandLine = {
  command: 'npm run reminder',
  options: {
    now: option(instant.transform((text) => Date.parse(text)).optional(), {
      about: 'with --dry-run: the instant of the run, instead of now',
      value: 'INSTANT',
    }),
    dryRun: flagOption('show who would get which mail; sends nothing'),
    json: flagOption('JSON, for scripts'),
  },
};

type Options = Arguments<typeof commandLine.options>;

/** Runs `once`: one run, with its report on the last line; with `--dry-run` a preview. */
export async function once(config: ReminderConfig, { log, shutdown, args }: AppParts): Promise<number> {
  const options = readArguments(commandLine, args);
  if (options.now !== undefined && !options.dryRun) {
    throw misused(
      commandLine.command,
      '--now INSTANT needs --dry-run. A todo is mailed once, so a mail sent too early would not be sent when it is due.',
    );
  }
  const module = ReminderModule.forRoot(config, {
    log,
    reread: (name) => rereadSecret(name, processEnvironment()),
    progress: process.stderr.isTTY ? terminalProgress(process.stderr) : noProgress,
  });
  const context = await startContext(module, log);
  shutdown.add('reminder', () => context.close());
  const runner = context.get(Runner);
  const { lines, code } = await (options.dryRun ? preview(runner, options) : run(runner, options));
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return code;
}

async function run(runner: Runner, { json }: Options) {
  const report = await runner.runOnce();
  const code = isWorkLeft(report) ? exitCodes.workHeld : exitCodes.done;
  return { lines: [json ? JSON.stringify(report) : inWords(report)], code };
}

async function preview(runner: Runner, { now: at, json }: Options) {
  const { mails, ...unmailable } = await runner.preview(at);
  const now = at ?? Date.now();
  const lines = json ? mails.map((mail) => JSON.stringify(mail)) : previewText(mails, unmailable, now);
  return { lines, code: exitCodes.done };
}

function previewText(mails: readonly MailPreview[], unmailable: Unmailable, now: number): string[] {
  const blocks = mails.map((mail) => {
    const { subject, sections, more } = digestOf(mail, now);
    const lines = sections.flatMap((section) =>
      section.lines.map((line) => `  ${section.name.padEnd(8)}  ${when(line)}  ${line.title}`),
    );
    const rest = more > 0 ? [`  … and ${more} more`] : [];
    return [`${mail.recipient} (${mail.timeZone}): ${subject}`, ...lines, ...rest].join('\n');
  });
  const sum = [
    `${counted(mails.length, 'mail')} would be sent; nothing was sent`,
    ...unmailableInWords(unmailable),
  ];
  return [[...blocks, `Dry run: ${sum.join('; ')}.`].join('\n\n')];
}
