import { parseArgs } from 'node:util';
import type { Database } from '#gatehouse/database';
import { type AppParts, exitCodes, ExitError } from '#gatehouse/platform';
import type { ReminderConfig } from '../config.js';
import { LedgerReview, type ReviewedState, reviewedStates } from '../ledger/ledger-review.js';
import { LedgerReviewModule } from '../ledger/ledger-review.module.js';
import { startContext } from '../standalone.js';
import { prepareStorage, withDatabase } from '../storage.js';
import { DATABASE } from '../storage.module.js';

/** `ledger`: what became of the mails that did not simply go out, and the decisions that some of them wait for. */
export async function ledger(config: ReminderConfig, { log, shutdown, args }: AppParts): Promise<number> {
  const context = await startContext(LedgerReviewModule.forRoot(config, { log }), log);
  shutdown.add('ledger', () => context.close());
  const text = await withDatabase(async () => {
    await prepareStorage(context.get<Database>(DATABASE), log);
    return ledgerCommand(context.get(LedgerReview), args.slice(1));
  });
  process.stdout.write(`${text}\n`);
  return exitCodes.done;
}

/** Returns what to print. Throws an ExitError 2 with the usage. */
export async function ledgerCommand(review: LedgerReview, args: readonly string[]): Promise<string> {
  const { words, json, states } = wordsIn(args);
  const line = words.join(' ');
  if (line === '' || line === 'list') return list(review, states, json);
  const [, toRetry] = /^retry (\d{1,9}|all)$/.exec(line) ?? [];
  if (toRetry !== undefined)
    return told(await review.retry(idOf(toRetry)), toRetry, 'tried again by the next run', json);
  const [, toResolve, verdict] = /^resolve (\d{1,9}|all) (sent|resend)$/.exec(line) ?? [];
  if (toResolve === undefined || (verdict !== 'sent' && verdict !== 'resend')) throw usage();
  return told(await review.resolve(idOf(toResolve), verdict), toResolve, verdicts[verdict], json);
}

const idOf = (word: string): number | 'all' => (word === 'all' ? word : Number(word));

const verdicts = {
  sent: 'counted as sent',
  resend: 'sent again by the next run, under the same Message-ID',
};

function wordsIn(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, state: { type: 'string', multiple: true } },
    });
    const unknown = values.state?.find((state) => !isReviewed(state));
    if (unknown !== undefined) throw new Error('unknown state');
    return {
      words: positionals,
      json: values.json,
      states: values.state?.filter(isReviewed) ?? reviewedStates,
    };
  } catch {
    throw usage();
  }
}

const isReviewed = (state: string): state is ReviewedState => reviewedStates.some((one) => one === state);

async function list(review: LedgerReview, states: readonly ReviewedState[], json: boolean): Promise<string> {
  const mails = await review.list(states);
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
  if (rows.length === 0) return 'Every planned mail went out.';
  const cells = rows.map(({ id, state, recipient, todos, attempts, plannedAt, leaseUntil, reason }) => [
    String(id),
    state,
    recipient,
    String(todos),
    String(attempts),
    minute(plannedAt),
    leaseUntil === null ? '' : minute(leaseUntil),
    reason ?? '',
  ]);
  const heading = [
    'id',
    'state',
    'recipient',
    'todos',
    'attempts',
    'planned (UTC)',
    'held until (UTC)',
    'reason',
  ];
  return [...aligned([heading, ...cells]), ...advice(rows.map(({ state }) => state))].join('\n');
}

const minute = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

function advice(states: readonly string[]): string[] {
  const lines = [
    ...(states.includes('unknown') ? ['Decide with: reminder ledger resolve <id>|all sent|resend'] : []),
    ...(states.includes('dead') ? ['Once the cause is gone: reminder ledger retry <id>|all'] : []),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function told(count: number, which: string, what: string, json: boolean): string {
  if (count === 0 && which !== 'all') throw nothingToDecide(which);
  if (json) return JSON.stringify({ mails: count });
  return `${count} mail${count === 1 ? ' is' : 's are'} ${what}.`;
}

const nothingToDecide = (id: string) =>
  new ExitError(
    `Mail ${id} is not one to decide about like this; "reminder ledger" lists those that are. Nobody who unsubscribed ` +
      'is sent a mail again.',
    exitCodes.usage,
  );

const usage = () =>
  new ExitError(
    'Usage: reminder ledger [list] [--state planned|sending|failed|unknown|dead] [--json]\n' +
      '       reminder ledger retry <id>|all [--json]\n' +
      '       reminder ledger resolve <id>|all sent|resend [--json]',
    exitCodes.usage,
  );
