import type pg from 'pg';
import { transaction } from '../ledger/transaction.js';

/** Records who wants no more mail. */
export class UnsubscriptionRepository {
  constructor(private readonly pool: pg.Pool) {}

  async isUnsubscribed(recipient: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      'select 1 from people where recipient = $1 and unsubscribed_at is not null',
      [recipient],
    );
    return rowCount === 1;
  }

  /**
   * Stops all mail to the person: nothing more is planned, and what is planned is not sent; a mail that is being sent
   * still arrives.
   */
  async unsubscribe(recipient: string): Promise<void> {
    await transaction(this.pool, async (client) => {
      // Waits for a worker that is planning the person's digest, whose mail the second statement then sees.
      await client.query(
        `insert into people (recipient, unsubscribed_at) values ($1, now())
         on conflict (recipient) do update set unsubscribed_at = coalesce(people.unsubscribed_at, now())`,
        [recipient],
      );
      await client.query(`delete from mails where recipient = $1 and state in ('planned', 'failed')`, [
        recipient,
      ]);
    });
  }

  async resubscribe(recipient: string): Promise<void> {
    await this.pool.query('update people set unsubscribed_at = null where recipient = $1', [recipient]);
  }
}
