import type { Authenticator } from '#gatehouse/auth';
import type { TodoStore } from '#gatehouse/todo-database';

export interface Report {
  readonly status: 'starting' | 'ok' | 'degraded';
  readonly reasons: readonly string[];
}

const databaseTimeoutMs = 1_000;

/** Whether this instance can serve. Once it could, it is never again "starting", at worst degraded. */
export class Readiness {
  #wasReady = false;
  #asking: Promise<boolean> | undefined;

  constructor(
    private readonly authenticator: Pick<Authenticator, 'readiness'>,
    private readonly store: Pick<TodoStore, 'migrated' | 'answers'>,
  ) {}

  async report(): Promise<Report> {
    const authentication = this.authenticator.readiness();
    const database = await this.databaseReasons();
    const reasons = [...authentication.reasons, ...database];
    // A migrated database has served; that it does not answer now is a later problem.
    this.#wasReady ||= authentication.ready && this.store.migrated;
    if (!this.#wasReady) return { status: 'starting', reasons };
    return { status: reasons.length === 0 ? 'ok' : 'degraded', reasons };
  }

  private async databaseReasons(): Promise<string[]> {
    if (!this.store.migrated) return ['the database has not been reached and migrated yet'];
    // Simultaneous questions share one query to the database.
    this.#asking ??= this.store.answers(databaseTimeoutMs).finally(() => (this.#asking = undefined));
    return (await this.#asking) ? [] : ['the database does not answer'];
  }
}
