import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Ledger } from './ledger.js';

/**
 * `ledger` lists the mails that did not simply go out; `ledger resolve ID sent|resend` decides about one.
 * Returns what to print.
 */
export async function ledgerCommand(ledger: Ledger, args: readonly string[]): Promise<string> {
  if (args.length === 0) return list(ledger);
  const [, id = '', verdict] = /^resolve (\d{1,9}) (sent|resend)$/.exec(args.join(' ')) ?? [];
  if (verdict !== 'sent' && verdict !== 'resend') throw usage();
  if (!(await ledger.resolve(Number(id), verdict))) throw nothingToDecide(id);
  return verdict === 'sent'
    ? `Mail ${id} counts as sent.`
    : `Mail ${id} goes out again with the next run, under the same Message-ID.`;
}

async function list(ledger: Ledger): Promise<string> {
  const mails = await ledger.unsettled();
  if (mails.length === 0) return 'Every planned mail went out.';
  const rows = mails.map((mail) => [
    String(mail.id),
    mail.state,
    mail.recipient,
    String(mail._count.reminders),
    mail.plannedAt.toISOString().slice(0, 16).replace('T', ' '),
    mail.reason ?? '',
  ]);
  const table = aligned([['id', 'state', 'recipient', 'todos', 'planned (UTC)', 'reason'], ...rows]);
  const decide = mails.some(({ state }) => state === 'unknown' || state === 'dead')
    ? ['', 'Decide with: reminder ledger resolve <id> sent|resend']
    : [];
  return [...table, ...decide].join('\n');
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

const nothingToDecide = (id: string) =>
  new ExitError(
    `No mail ${id} waits for a decision; "reminder ledger" lists those that do.`,
    exitCodes.usage,
  );

const usage = () => new ExitError('Usage: reminder ledger [resolve <id> sent|resend]', exitCodes.usage);
