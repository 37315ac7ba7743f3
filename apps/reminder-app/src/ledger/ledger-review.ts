import { type Database, prismaAdapter } from '#gatehouse/database';
import { PrismaClient } from '#prisma/reminder';

/** The states of mails that have not been sent. */
export const reviewedStates = ['planned', 'sending', 'failed', 'unknown', 'dead'] as const;
export type ReviewedState = (typeof reviewedStates)[number];

/** Shows the ledger to an operator, and carries out the operator's decisions. */
export class LedgerReview {
  readonly #prisma: PrismaClient;

  constructor(database: Database) {
    this.#prisma = new PrismaClient({ adapter: prismaAdapter(database) });
  }

  /** Returns the mails in one of `states`, oldest first. */
  list(states: readonly ReviewedState[]) {
    return this.#prisma.mail.findMany({
      where: { state: { in: [...states] } },
      include: { _count: { select: { reminders: true } } },
      orderBy: { id: 'asc' },
    });
  }

  /** Makes the next run retry failed and dead mails, all of them or one. Resolves with their number. */
  retry(id: number | 'all'): Promise<number> {
    return this.#sendAgain(id, ['failed', 'dead']);
  }

  /** Records the decision about unknown mails: marks them as sent, or resends them. Resolves with their number. */
  async resolve(id: number | 'all', verdict: 'sent' | 'resend'): Promise<number> {
    if (verdict === 'resend') return this.#sendAgain(id, ['unknown']);
    const { count } = await this.#prisma.mail.updateMany({
      where: { ...only(id), state: 'unknown' },
      data: { state: 'sent', reason: 'resolved by hand', settledAt: new Date() },
    });
    return count;
  }

  /** Plans mails again, except for people who have unsubscribed. */
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
