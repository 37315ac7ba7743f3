import { randomUUID } from 'node:crypto';
import { Ledger, type Outcome } from '../../apps/reminder-app/src/ledger/ledger.js';
import { LedgerReview } from '../../apps/reminder-app/src/ledger/ledger-review.js';
import { PlanningRepository } from '../../apps/reminder-app/src/ledger/planning.repository.js';
import type { PlannedMail } from '../../apps/reminder-app/src/mail/digest.js';
import { UnsubscriptionRepository } from '../../apps/reminder-app/src/unsubscribe/unsubscription.repository.js';
import { testDatabase } from './embedded-database.js';

/** The instant at which the mails are planned. */
export const now = Date.now();
/** Recovery for a mailer by SMTP beside other workers. */
export const bySmtp = { idempotent: false, onUnknown: 'hold', alone: false } as const;
export const failed = { state: 'failed', reason: '450 later', retryInSeconds: 60 } as const;
export const unknown = { state: 'unknown', reason: 'no reply to the final dot' } as const;
export const dead = { state: 'dead', reason: '550 nobody here' } as const;

/** Starts a ledger that two workers share, with shortcuts to bring its mails into any state. */
export async function startLedgerWorld() {
  const database = await testDatabase('reminder');
  const { pool } = database;
  const [ledger, otherWorker] = [new Ledger(pool), new Ledger(pool)];
  const review = new LedgerReview(database);

  async function holdNext(): Promise<PlannedMail> {
    const [mail] = await ledger.hold(1);
    if (!mail) throw new Error('no mail is due');
    return mail;
  }

  /** Holds the next mail and begins it. */
  async function beginNext(): Promise<{ mail: PlannedMail; attempt: number }> {
    const mail = await holdNext();
    const attempt = await ledger.begin(mail.id);
    if (attempt === undefined) throw new Error('the mail cannot be begun');
    return { mail, attempt: attempt.number };
  }

  return {
    pool,
    ledger,
    otherWorker,
    review,
    people: new UnsubscriptionRepository(pool),
    clear: () => pool.query('truncate people, mails, reminders restart identity'),
    /** Plans one digest for each different recipient, with a todo for each time that the recipient is named. */
    plan: async (...recipients: string[]): Promise<void> => {
      const planning = new PlanningRepository(pool);
      const todos = recipients.map((email, index) => ({
        id: randomUUID(),
        title: `Water plant ${String(index)}`,
        dueAt: new Date(now + 3_600_000 + index).toISOString(),
        owner: { email, timeZone: 'Asia/Tokyo' },
      }));
      await planning.recordFound(todos, now);
      await planning.planDigests(now, { minGapHours: 6, messageIdDomain: 'gatehouse.example' });
    },
    holdNext,
    beginNext,
    /** Holds and begins the next mail, and records its outcome. */
    settleNext: async (outcome: Outcome): Promise<PlannedMail> => {
      const { mail, attempt } = await beginNext();
      await ledger.settle(mail.id, attempt, outcome);
      return mail;
    },
    states: async () => {
      const { rows } = await pool.query<{ state: string }>('select state from mails order by id');
      return rows.map(({ state }) => state);
    },
    expireLeases: () =>
      pool.query("update mails set lease_until = now() - interval '1 second' where lease_until is not null"),
    // A second ago, not now: the clock of a virtual machine may step back.
    passRetryTime: () => pool.query("update mails set next_attempt_at = now() - interval '1 second'"),
    close: async () => {
      await review.close();
      await database.close();
    },
  };
}

export type LedgerWorld = Awaited<ReturnType<typeof startLedgerWorld>>;
