import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { PlannedMail } from '../mail/digest.js';

/**
 * How long a worker may hold a mail without renewing its lease; longer than a brief outage of the database.
 */
export const leaseSeconds = 180;
/** How often ON_UNKNOWN=resend resends an unknown mail before it is left to the operator. */
const maxResends = 2;
/** The maximum number of todos read for one mail, soonest first; a mail lists fewer and gives the number of the rest. */
const maxTodos = 200;

export type Outcome =
  | { readonly state: 'sent' }
  | {
      readonly state: 'failed';
      readonly reason: string;
      readonly retryInSeconds: number;
      /** The mail server caused the failure, not the mail: the attempt does not count. */
      readonly ofServer?: true;
    }
  | { readonly state: 'unknown' | 'dead'; readonly reason: string };

/** An attempt that has begun. */
export interface Attempt {
  /** Identifies the attempt when its outcome is recorded. */
  readonly number: number;
  /** How many attempts count against the mail, including this one. */
  readonly counted: number;
}

export interface RecoveryRule {
  /** Whether the mailer recognises a mail that it has already accepted, so that a repeated send is harmless. */
  readonly idempotent: boolean;
  readonly onUnknown: 'hold' | 'resend';
  /** Whether no other worker can be running, so that leases need not expire. */
  readonly alone: boolean;
}

export interface LedgerFigures {
  /** Mails that wait for another attempt, mails that wait for a decision, and mails that were given up. */
  readonly failed: number;
  readonly unknown: number;
  readonly dead: number;
  /** Mails that a worker holds or is sending; those of a dead worker wait until its lease expires. */
  readonly leased: number;
  /** Mails that are due, and how many seconds the first of them has been waiting. */
  readonly waiting: number;
  readonly lagSeconds: number;
}

interface HeldRow {
  readonly id: number;
  readonly message_id: string;
  readonly recipient: string;
  readonly time_zone: string | null;
  readonly planned_at: Date;
  readonly todos: readonly { id: string; title: string; due_at: string }[];
  readonly total: number;
}

/**
 * The states of every mail: planned -> sending (lease) -> sent | failed (next attempt) | unknown | dead. Holds and
 * leases go by the database's clock, the only one that all workers share.
 */
export class Ledger {
  /** Identifies this instance as the holder of its mails. */
  readonly #worker = randomUUID();

  constructor(private readonly pool: pg.Pool) {}

  /**
   * Settles the mails of dead workers. A mail whose lease expired while it was sent may have arrived: it becomes
   * `unknown`, unless sending twice is harmless. With `resend`, unknown mails are resent a limited number of times.
   */
  async recover({ idempotent, onUnknown, alone }: RecoveryRule): Promise<void> {
    await this.pool.query(
      `update mails set state = $1, lease_until = null, held_by = null,
              reason = 'the worker stopped while sending it'
       where state = 'sending' and (lease_until < now() or $2)`,
      [idempotent ? 'planned' : 'unknown', alone],
    );
    if (alone) {
      await this.pool.query(
        `update mails set lease_until = null, held_by = null
         where state in ('planned', 'failed') and held_by is not null`,
      );
    }
    // Mails that were being sent when the person unsubscribed.
    await this.pool.query(
      `delete from mails using people
       where people.recipient = mails.recipient and unsubscribed_at is not null and state in ('planned', 'failed')`,
    );
    if (onUnknown === 'hold') return;
    await this.pool.query(
      `update mails set state = 'planned', resends = resends + 1 from people
       where people.recipient = mails.recipient and unsubscribed_at is null
         and state = 'unknown' and resends < ${maxResends}`,
    );
  }

  /**
   * Returns at most `limit` due mails, held for the caller until their lease expires. No two workers hold the same
   * mail.
   */
  async hold(limit: number): Promise<PlannedMail[]> {
    const { rows } = await this.pool.query<HeldRow>({
      name: 'hold-mails',
      text: `with held as (
               update mails set held_by = $1, lease_until = now() + $2 * interval '1 second'
               from (select id from mails
                     where state in ('planned', 'failed') and next_attempt_at <= now()
                       and (lease_until is null or lease_until < now())
                     order by next_attempt_at, id limit $3 for update skip locked) next
               where mails.id = next.id
               returning mails.*)
             ${mailsWithTodos('held')}`,
      values: [this.#worker, leaseSeconds, limit],
    });
    return rows.map(toPlanned);
  }

  /** Returns the due mails without holding them. */
  async waiting(): Promise<PlannedMail[]> {
    const { rows } = await this.pool.query<HeldRow>(
      `with due as (select * from mails where state in ('planned', 'failed') and next_attempt_at <= now())
       ${mailsWithTodos('due')}`,
    );
    return rows.map(toPlanned);
  }

  /** Removes todos from a held mail, and the mail with the last of them. A todo that reappears is planned again. */
  async drop(mailId: number, todos: readonly { id: string; dueAt: number }[]): Promise<void> {
    await this.pool.query(
      `with gone as (
         delete from reminders using mails
         where mail_id = mails.id and mails.id = $1 and held_by = $2 and state in ('planned', 'failed')
           and (todo_id, due_at) in (select * from unnest($3::uuid[], $4::timestamptz[]))
         returning mail_id)
       delete from mails where id = (select distinct mail_id from gone)
         and (select count(*) from reminders where mail_id = $1) = (select count(*) from gone)`,
      [mailId, this.#worker, todos.map(({ id }) => id), todos.map(({ dueAt }) => new Date(dueAt))],
    );
  }

  /**
   * Marks a held mail as being sent. Undefined if the caller may no longer send it: the hold expired, or the person
   * unsubscribed.
   */
  async begin(mailId: number): Promise<Attempt | undefined> {
    const { rows } = await this.pool.query<Attempt>({
      name: 'begin-mail',
      text: `update mails set state = 'sending', attempts = attempts + 1,
                    lease_until = now() + $3 * interval '1 second'
             where id = $1 and held_by = $2 and state in ('planned', 'failed')
               and not exists (select from people where people.recipient = mails.recipient
                                                    and unsubscribed_at is not null)
             returning attempts as number, attempts - server_faults as counted`,
      values: [mailId, this.#worker, leaseSeconds],
    });
    return rows[0];
  }

  /** Extends the lease of a mail that is still being sent. */
  async renew(mailId: number, attempt: number): Promise<void> {
    await this.pool.query({
      name: 'renew-mail',
      text: `update mails set lease_until = now() + $4 * interval '1 second'
             where id = $1 and attempts = $2 and held_by = $3 and state = 'sending'`,
      values: [mailId, attempt, this.#worker, leaseSeconds],
    });
  }

  /**
   * Records the outcome of an attempt. A worker whose lease has expired may still record the outcome, but nothing
   * else.
   */
  async settle(mailId: number, attempt: number, outcome: Outcome): Promise<void> {
    await this.pool.query({
      name: 'settle-mail',
      text: `update mails set state = $3, reason = $4, lease_until = null, held_by = null, settled_at = now(),
                    next_attempt_at = now() + $5 * interval '1 second', server_faults = server_faults + $6
             where id = $1 and attempts = $2 and state in ('sending', 'unknown')`,
      values: [
        mailId,
        attempt,
        outcome.state,
        outcome.state === 'sent' ? null : outcome.reason,
        outcome.state === 'failed' ? outcome.retryInSeconds : 0,
        outcome.state === 'failed' && outcome.ofServer ? 1 : 0,
      ],
    });
  }

  /** Returns how much is left to do and to decide, by the database's clock. */
  async figures(): Promise<LedgerFigures> {
    const { rows } = await this.pool.query<LedgerFigures>({
      name: 'ledger-figures',
      text: `select count(*) filter (where state = 'failed')::int as failed,
                    count(*) filter (where state = 'unknown')::int as unknown,
                    count(*) filter (where state = 'dead')::int as dead,
                    count(*) filter (where state = 'sending')::int
                      + (select count(*)::int from mails
                         where state in ('planned', 'failed') and lease_until >= now()) as leased,
                    (select count(*)::int from mails
                     where state in ('planned', 'failed') and next_attempt_at <= now()) as waiting,
                    (select coalesce(extract(epoch from now() - min(next_attempt_at)), 0)::float from mails
                     where state in ('planned', 'failed') and next_attempt_at <= now()) as "lagSeconds"
             from mails where state in ('sending', 'failed', 'unknown', 'dead')`,
    });
    return rows[0] ?? { failed: 0, unknown: 0, dead: 0, leased: 0, waiting: 0, lagSeconds: 0 };
  }

  /** Releases the mails that are held and not being sent, so that other workers need not wait for the lease. */
  async release(): Promise<void> {
    await this.pool.query(
      `update mails set held_by = null, lease_until = null
       where held_by = $1 and state in ('planned', 'failed')`,
      [this.#worker],
    );
  }
}

/** Selects the mails of a relation, each with the number of its todos and the first of them. */
const mailsWithTodos = (relation: string) => `
  select mail.id, message_id, mail.recipient, mail.time_zone, planned_at, todos, total
  from ${relation} mail cross join lateral (
    select count(*)::int as total,
           json_agg(json_build_object('id', todo_id, 'title', title, 'due_at', due_at)
                    order by due_at, todo_id) filter (where place <= ${maxTodos}) as todos
    from (select *, row_number() over (order by due_at, todo_id) as place
          from reminders where mail_id = mail.id) member) members
  order by next_attempt_at, mail.id`;

const toPlanned = (row: HeldRow): PlannedMail => ({
  id: row.id,
  messageId: row.message_id,
  recipient: row.recipient,
  timeZone: row.time_zone ?? 'UTC',
  plannedAt: row.planned_at.getTime(),
  todos: row.todos.map(({ id, title, due_at }) => ({ id, title, dueAt: Date.parse(due_at) })),
  total: row.total,
});
