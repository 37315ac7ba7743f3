import type { CredentialKey } from './credential-of.js';
import type { TodoStore } from './todo-store.js';

export interface Use extends CredentialKey {
  /** Milliseconds since the epoch. */
  at: number;
}

/**
 * Stores the last use of each credential in the database; uses of other credentials, mostly those of users, are not
 * recorded.
 */
export class LastUsedRepository {
  constructor(private readonly store: TodoStore) {}

  /** Writes all uses in one statement; an instant never moves back, because several replicas write. */
  async write(uses: readonly Use[]): Promise<void> {
    await this.store.pool.query({
      name: 'write-last-used',
      text: `update credentials c set last_used_at = greatest(c.last_used_at, used.at)
               from unnest($1::text[], $2::text[], $3::timestamptz[]) as used(strategy, subject, at)
              where c.strategy = used.strategy and c.subject = used.subject`,
      values: [
        uses.map(({ strategy }) => strategy),
        uses.map(({ subject }) => subject),
        uses.map(({ at }) => new Date(at)),
      ],
    });
  }
}
