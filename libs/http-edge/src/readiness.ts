import type { Authenticator } from '#gatehouse/auth';
import type { TodoStore } from '#gatehouse/todo-database';

export interface Report {
  readonly status: 'starting' | 'ok' | 'degraded';
  readonly reasons: readonly string[];
}

const databaseTimeoutMs = 1_000;

/** Reports whether this instance can serve. Once it could, it is never "starting" again, only "degraded". */
export class Readiness {
  #wasReady = false;
  #asking: Promise<boolean> | undefined;

  /** Without a `store` only the authenticator counts. */
  constructor(
    private readonly authenticator: Pick<Authenticator, 'readiness'>,
    private readonly store: Pick<TodoStore, 'migrated' | 'answers'> | undefined,
  ) {}

  async report(): Promise<Report> {
    const authentication = this.authenticator.readiness();
    const database = this.store ? await this.databaseReasons(this.store) : [];
    const reasons = [...authentication.reasons, ...database];
    // A migrated database has served before; if it does not answer now, that is a later problem.
    this.#wasReady ||= authentication.ready && (this.store?.migrated ?? true);
    if (!this.#wasReady) return { status: 'starting', reasons };
    return { status: reasons.length === 0 ? 'ok' : 'degraded', reasons };
  }

  private async databaseReasons(store: Pick<TodoStore, 'migrated' | 'answers'>): Promise<string[]> {
    if (!store.migrated) return ['the database has not been reached and migrated'];
    // Concurrent requests share one query to the database.
    this.#asking ??= store.answers(databaseTimeoutMs).finally(() => (this.#asking = undefined));
    return (await this.#asking) ? [] : ['the database does not answer'];
  }
}
