import type { CredentialKey } from './credential-of.js';
import type { TodoStore } from './todo-store.js';

export interface Use extends CredentialKey {
  /** Milliseconds since the epoch. */
  at: number;
}

/** The last use of each credential that the database knows; uses of others, people's above all, leave no trace. */
export class LastUsedRepository {
  constructor(private readonly store: TodoStore) {}

  /** One statement for all uses; an instant never moves back, because several replicas write. */
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
