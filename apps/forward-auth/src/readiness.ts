import type { Authenticator } from '#gatehouse/auth';
import type { TodoStore } from '#gatehouse/todo-database';

export interface Report {
  readonly status: 'starting' | 'ok' | 'degraded';
  readonly reasons: readonly string[];
}

/** Whether this instance can judge. Once it could, it is never again "starting", at worst degraded. */
export class Readiness {
  #wasReady = false;

  constructor(
    private readonly authenticator: Pick<Authenticator, 'readiness'>,
    private readonly store: Pick<TodoStore, 'migrated'> | undefined,
  ) {}

  report(): Report {
    const { ready, reasons: ofGuard } = this.authenticator.readiness();
    const migrated = this.store?.migrated ?? true;
    const reasons = [...ofGuard, ...(migrated ? [] : ['the database has not been reached and migrated yet'])];
    this.#wasReady ||= ready && migrated;
    if (!this.#wasReady) return { status: 'starting', reasons };
    return { status: reasons.length === 0 ? 'ok' : 'degraded', reasons };
  }
}
