import { prismaAdapter, type Database } from '#gatehouse/database';
import { PrismaClient } from '#prisma/reminder';
import type { PlannedMail } from './mail/digest.js';

/** Seconds a worker may take over one mail; longer than the mailer's own limit. */
const leaseSeconds = 180;
/** How often a mail of unknown fate is sent again by ON_UNKNOWN=resend before it is held after all. */
const resendLimit = 3;

/** A mail that this worker holds; `attempt` proves it when the outcome is recorded. */
export interface ClaimedMail extends PlannedMail {
  readonly id: number;
  readonly attempt: number;
}

export type Outcome =
  | { readonly state: 'sent' }
  | { readonly state: 'failed'; readonly reason: string; readonly retryInSeconds: number }
  | { readonly state: 'unknown' | 'dead'; readonly reason: string };

export interface RecoveryRule {
  /** The mailer recognises a mail it was given before, so sending again is harmless. */
  readonly idempotent: boolean;
  readonly onUnknown: 'hold' | 'resend';
  /** No other worker can be alive: leases need not run out. */
  readonly alone: boolean;
}

interface ClaimedRow {
  readonly id: number;
  readonly message_id: string;
  readonly recipient: string;
  readonly time_zone: string | null;
  readonly planned_at: Date;
  readonly attempts: number;
  readonly todos: readonly { title: string; due_at: string }[];
}

/**
 * What became of every mail: planned -> sending (lease) -> sent | failed (next attempt) | unknown | dead. Claims and
 * leases go by the database's clock, the only one that all workers share.
 */
export class Ledger {
  readonly #database: Database;
  readonly #prisma: PrismaClient;

  constructor(database: Database) {
    this.#database = database;
    this.#prisma = new PrismaClient({ adapter: prismaAdapter(database) });
  }

  /**
   * Settles what dead workers left. A mail whose lease ran out may or may not have been sent: it becomes `unknown`,
   * unless sending twice is harmless. With `resend`, unknown mails are sent again, a limited number of times.
   */
  async recover({ idempotent, onUnknown, alone }: RecoveryRule): Promise<void> {
    await this.#database.pool.query(
      `update mails set state = $1, lease_until = null, reason = 'the worker stopped while sending it'
       where state = 'sending' and (lease_until < now() or $2)`,
      [idempotent ? 'planned' : 'unknown', alone],
    );
    if (onUnknown === 'hold') return;
    await this.#prisma.mail.updateMany({
      where: { state: 'unknown', attempts: { lt: resendLimit } },
      data: { state: 'planned' },
    });
  }

  /** The next mail to send, leased to the caller; undefined when none is due. No two workers get the same one. */
  async claim(): Promise<ClaimedMail | undefined> {
    const { rows } = await this.#database.pool.query<ClaimedRow>({
      name: 'claim-mail',
      text: `with claimed as (
               update mails set state = 'sending', attempts = attempts + 1,
                      lease_until = now() + $1 * interval '1 second'
               from (select id from mails where state in ('planned', 'failed') and next_attempt_at <= now()
                     order by next_attempt_at, id limit 1 for update skip locked) next
               where mails.id = next.id
               returning mails.*)
             select claimed.*, (select json_agg(json_build_object('title', title, 'due_at', due_at)
                                                order by due_at, todo_id)
                                from reminders where mail_id = claimed.id) as todos
             from claimed`,
      values: [leaseSeconds],
    });
    return rows[0] && toClaimed(rows[0]);
  }

  /** Records how the attempt ended. A worker that overstayed its lease may still say what it knows, but no more. */
  async settle({ id, attempt }: ClaimedMail, outcome: Outcome): Promise<void> {
    await this.#database.pool.query({
      name: 'settle-mail',
      text: `update mails set state = $3, reason = $4, lease_until = null, settled_at = now(),
                    next_attempt_at = now() + $5 * interval '1 second'
             where id = $1 and attempts = $2 and state in ('sending', 'unknown')`,
      values: [
        id,
        attempt,
        outcome.state,
        outcome.state === 'sent' ? null : outcome.reason,
        outcome.state === 'failed' ? outcome.retryInSeconds : 0,
      ],
    });
  }

  /** How many mails wait for another attempt, and how many for somebody to decide. */
  async outstanding(): Promise<{ failed: number; unknown: number }> {
    const count = (state: 'failed' | 'unknown') => this.#prisma.mail.count({ where: { state } });
    return { failed: await count('failed'), unknown: await count('unknown') };
  }

  /** Every mail that did not simply go out, oldest first. */
  unsettled() {
    return this.#prisma.mail.findMany({
      where: { state: { in: ['sending', 'failed', 'unknown', 'dead'] } },
      include: { _count: { select: { reminders: true } } },
      orderBy: { id: 'asc' },
    });
  }

  /** An operator's word on a mail that is not in somebody's hands. Returns whether there is such a mail. */
  async resolve(id: number, verdict: 'sent' | 'resend'): Promise<boolean> {
    const { count } = await this.#prisma.mail.updateMany({
      where: { id, state: { in: ['failed', 'unknown', 'dead'] } },
      data:
        verdict === 'sent'
          ? { state: 'sent', reason: 'resolved by hand', settledAt: new Date() }
          : { state: 'planned', nextAttemptAt: new Date(0) },
    });
    return count === 1;
  }

  close(): Promise<void> {
    return this.#prisma.$disconnect();
  }
}

const toClaimed = (row: ClaimedRow): ClaimedMail => ({
  id: row.id,
  attempt: row.attempts,
  messageId: row.message_id,
  recipient: row.recipient,
  timeZone: row.time_zone ?? 'UTC',
  plannedAt: row.planned_at.getTime(),
  todos: row.todos.map(({ title, due_at }) => ({ title, dueAt: Date.parse(due_at) })),
});
