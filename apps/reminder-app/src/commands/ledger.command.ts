import { z } from 'zod';
import type { Database } from '#gatehouse/database';
import {
  aligned,
  type AppParts,
  exitCodes,
  ExitError,
  flagOption,
  misused,
  option,
  readArguments,
} from '#gatehouse/platform';
import type { ReminderConfig } from '../config.js';
import { LedgerReview, type ReviewedState, reviewedStates } from '../ledger/ledger-review.js';
import { prepareStorage, withDatabase } from '../ledger/storage.js';
import { DATABASE, startContext, StorageModule } from '../ledger/storage.module.js';

/** Runs `ledger`: lists the mails that have not been sent, and records decisions about them. */
export async function ledger(config: ReminderConfig, { log, shutdown, args }: AppParts): Promise<number> {
  const context = await startContext(StorageModule.forRoot(config, { log }), log);
  shutdown.add('ledger', () => context.close());
  const database = context.get<Database>(DATABASE);
  const text = await withDatabase(async () => {
    await prepareStorage(database, log);
    return ledgerCommand(new LedgerReview(database), args);
  });
  process.stdout.write(`${text}\n`);
  return exitCodes.done;
}

const commandLine = {
  command: 'npm run reminder',
  options: {
    action: option(z.enum(['list', 'retry', 'resolve']).default('list'), {
      about: 'the action',
      value: 'list|retry|resolve',
    }),
    which: option(
      z
        .string()
        .regex(/^(\d{1,9}|all)$/, 'must be the id of a mail, or all')
        .transform((word): number | 'all' => (word === 'all' ? word : Number(word)))
        .optional(),
      { about: 'one mail, or all', value: '<id>|all' },
    ),
    verdict: option(z.enum(['sent', 'resend']).optional(), {
      about: 'what to do with mails whose SMTP reply was lost',
      value: 'sent|resend',
    }),
    state: option(z.array(z.enum(reviewedStates)).optional(), {
      about: 'mails to list',
      value: 'STATE',
      repeated: true,
    }),
    json: flagOption('JSON, for scripts'),
  },
  positionals: ['action', 'which', 'verdict'],
} as const;

const verdicts = {
  sent: 'counted as sent',
  resend: 'sent again by the next run, with the same Message-ID',
};

/** Returns the text to print. Throws an ExitError 2 that says what is wrong with `args`. */
export async function ledgerCommand(review: LedgerReview, args: readonly string[]): Promise<string> {
  const { action, which, verdict, state, json } = readArguments(commandLine, args);
  if (action === 'list' && which === undefined) return list(review, state, json);
  if (action === 'retry' && which !== undefined && verdict === undefined && state === undefined) {
    const effect = { states: 'failed or dead', what: 'retried by the next run' };
    return report(await review.retry(which), which, effect, json);
  }
  if (action === 'resolve' && which !== undefined && verdict !== undefined && state === undefined) {
    const effect = { states: 'unknown', what: verdicts[verdict] };
    return report(await review.resolve(which, verdict), which, effect, json);
  }
  throw misused(
    commandLine.command,
    'ledger takes: list [--state STATE], retry <id>|all, or resolve <id>|all sent|resend.',
  );
}

async function list(
  review: LedgerReview,
  states: readonly ReviewedState[] | undefined,
  json: boolean,
): Promise<string> {
  const mails = await review.list(states ?? reviewedStates);
  const rows = mails.map(({ id, state, recipient, reason, plannedAt, attempts, messageId, ...mail }) => ({
    id,
    state,
    recipient,
    todos: mail._count.reminders,
    attempts,
    plannedAt: plannedAt.toISOString(),
    leaseUntil: mail.leaseUntil?.toISOString() ?? null,
    messageId,
    reason,
  }));
  if (json) return JSON.stringify(rows);
  if (rows.length === 0)
    return states ? `No mail is ${states.join(' or ')}.` : 'All planned mails have been sent.';
  const columns = ['id', 'state', 'recipient', 'todos', 'attempts'] as const;
  const heading = [...columns, 'planned (UTC)', 'held until (UTC)', 'reason'];
  const cells = rows.map((row) => [
    ...columns.map((name) => String(row[name])),
    minute(row.plannedAt),
    minute(row.leaseUntil ?? ''),
    row.reason ?? '',
  ]);
  return [...aligned([heading, ...cells]), ...advice(rows.map(({ state }) => state))].join('\n');
}

const minute = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

function advice(states: readonly string[]): string[] {
  const lines = [
    ...(states.includes('unknown')
      ? ['Decide with: npm run reminder -- ledger resolve <id>|all sent|resend']
      : []),
    ...(states.includes('dead') ? ['Once the cause is gone: npm run reminder -- ledger retry <id>|all'] : []),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

/** `states` are those that the command applies to. */
function report(
  count: number,
  which: number | 'all',
  { states, what }: { readonly states: string; readonly what: string },
  json: boolean,
): string {
  if (count === 0 && which !== 'all') {
    throw new ExitError(
      `There is no ${states} mail ${which} whose recipient still takes mails: "npm run reminder -- ledger" lists the mails, and their states.`,
      exitCodes.usage,
    );
  }
  if (json) return JSON.stringify({ mails: count });
  return `${count} mail${count === 1 ? ' is' : 's are'} ${what}.`;
}
