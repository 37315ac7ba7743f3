import { type Database, prismaAdapter } from '#gatehouse/database';
import { PrismaClient } from '#prisma/reminder';

/** The states of mails that have not gone out. */
export const reviewedStates = ['planned', 'sending', 'failed', 'unknown', 'dead'] as const;
export type ReviewedState = (typeof reviewedStates)[number];

/** Shows the ledger to an operator, and carries out the operator's decisions. */
export class LedgerReview {
  readonly #prisma: PrismaClient;

  constructor(database: Database) {
    this.#prisma = new PrismaClient({ adapter: prismaAdapter(database) });
  }

  /** Mails in one of `states`, oldest first. */
  list(states: readonly ReviewedState[]) {
    return this.#prisma.mail.findMany({
      where: { state: { in: [...states] } },
      include: { _count: { select: { reminders: true } }, person: true },
      orderBy: { id: 'asc' },
    });
  }

  /** Has mails that failed or died tried again by the next run; all of them, or one. Returns how many. */
  retry(id: number | 'all'): Promise<number> {
    return this.#sendAgain(id, ['failed', 'dead']);
  }

  /** The operator's word on mails of unknown fate: they count as sent, or go out again. Returns how many. */
  async resolve(id: number | 'all', verdict: 'sent' | 'resend'): Promise<number> {
    if (verdict === 'resend') return this.#sendAgain(id, ['unknown']);
    const { count } = await this.#prisma.mail.updateMany({
      where: { ...only(id), state: 'unknown' },
      data: { state: 'sent', reason: 'resolved by hand', settledAt: new Date() },
    });
    return count;
  }

  /** Not to somebody who has unsubscribed meanwhile. */
  async #sendAgain(id: number | 'all', states: ReviewedState[]): Promise<number> {
    const { count } = await this.#prisma.mail.updateMany({
      where: { ...only(id), state: { in: states }, person: { unsubscribedAt: null } },
      data: { state: 'planned', nextAttemptAt: new Date() },
    });
    return count;
  }

  close(): Promise<void> {
    return this.#prisma.$disconnect();
  }
}

const only = (id: number | 'all') => (id === 'all' ? {} : { id });
