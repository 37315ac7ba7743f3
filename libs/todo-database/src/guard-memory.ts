import type { AuthMemory, RevocationMemory } from '#gatehouse/auth';
import type { Database } from '#gatehouse/database';
import type { Clock, Logger, Secret, Shutdown } from '#gatehouse/platform';
import { postgresRevocations } from '#gatehouse/revocations';
import { AuthMemoryRepository } from './auth-memory.repository.js';
import { keepMigrating } from './keep-migrating.js';
import { LastUsed } from './last-used.js';
import { LastUsedRepository } from './last-used.repository.js';
import { timelyMemory } from './timely-memory.js';
import { TodoRevocations } from './todo-revocations.js';
import { TodoStore } from './todo-store.js';

/** The settings of a guard's memory. */
export interface GuardMemorySettings {
  readonly REVOCATION: 'off' | 'push';
  readonly DATABASE_URL?: Secret | undefined;
  readonly DATABASE_LISTEN_URL?: Secret | undefined;
  readonly FUSIONAUTH_DEADLINE_MS: number;
}

/** The guard's memory in the todo database, shared by every app that uses it. */
export interface GuardMemory {
  readonly store: TodoStore;
  readonly memory: AuthMemory;
  readonly lastUsed: LastUsed;
  readonly revocations?: RevocationMemory;
  /** Resolves after the first attempt to reach and migrate the database; retries continue in the background. */
  open(): Promise<void>;
}

/** Creates the memory. The database itself is closed last at `shutdown`; it is not used before `open`. */
export function guardMemory(
  database: Database,
  settings: GuardMemorySettings,
  { log, clock, shutdown }: { log: Logger; clock: Clock; shutdown: Shutdown },
): GuardMemory {
  const store = new TodoStore(database);
  shutdown.add('database', () => store.close());
  const { DATABASE_URL: url, DATABASE_LISTEN_URL: listenUrl } = settings;
  const shared =
    settings.REVOCATION === 'push'
      ? postgresRevocations({ database: store, url, listenUrl, log, clock })
      : undefined;
  if (shared) shutdown.add('revocations', () => shared.close());
  const revocations = shared && new TodoRevocations(store, shared);
  const lastUsed = new LastUsed({ repository: new LastUsedRepository(store), clock, log });
  lastUsed.start();
  shutdown.add('last uses', () => lastUsed.stop());
  return {
    store,
    lastUsed,
    // Shorter than FusionAuth's deadline in the guard, which would otherwise blame FusionAuth.
    memory: timelyMemory(new AuthMemoryRepository(store, clock), settings.FUSIONAUTH_DEADLINE_MS * 0.75),
    ...(revocations && { revocations }),
    async open() {
      const stop = new AbortController();
      shutdown.add('migrations', () => Promise.resolve(stop.abort()));
      await keepMigrating({ database, store, log, stop: stop.signal });
      await revocations?.opened();
    },
  };
}
