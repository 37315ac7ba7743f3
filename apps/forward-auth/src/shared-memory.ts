import type { AuthMemory, RevocationMemory } from '#gatehouse/auth';
import { openDatabase } from '#gatehouse/database';
import type { Clock, Logger, Shutdown } from '#gatehouse/platform';
import { postgresRevocations } from '#gatehouse/revocations';
import {
  AuthMemoryRepository,
  keepMigrating,
  LastUsed,
  LastUsedRepository,
  timelyMemory,
  TodoRevocations,
  TodoStore,
} from '#gatehouse/todo-database';
import type { ForwardAuthConfig } from './config.js';

interface SharedMemory {
  readonly store: TodoStore;
  readonly memory: AuthMemory;
  readonly lastUsed: LastUsed;
  readonly revocations?: RevocationMemory;
  /** Resolves after the first attempt to reach and migrate the database; it is tried again in the background. */
  open(): Promise<void>;
}

/** What the guard remembers in the database of the Todo API, together with it; undefined without DATABASE_URL. */
export async function sharedMemory(
  config: ForwardAuthConfig,
  { log, clock, shutdown }: { log: Logger; clock: Clock; shutdown: Shutdown },
): Promise<SharedMemory | undefined> {
  const { DATABASE_URL: url, DATABASE_LISTEN_URL: listenUrl } = config;
  if (!url) return undefined;
  const database = await openDatabase({ name: 'todo', url, dataDir: '', log });
  const store = new TodoStore(database);
  shutdown.add('database', () => store.close());
  const shared =
    config.REVOCATION === 'push'
      ? postgresRevocations({ database: store, url, listenUrl, log, clock })
      : undefined;
  if (shared) shutdown.add('revocations', () => shared.close());
  const revocations = shared && new TodoRevocations(store, shared);
  const lastUsed = new LastUsed({ repository: new LastUsedRepository(store), clock, log });
  lastUsed.start();
  shutdown.add('last uses', () => lastUsed.stop());
  const stop = new AbortController();
  shutdown.add('migrations', () => Promise.resolve(stop.abort()));
  return {
    store,
    lastUsed,
    // Less time than the guard gives FusionAuth, which it would blame.
    memory: timelyMemory(new AuthMemoryRepository(store, clock), config.FUSIONAUTH_DEADLINE_MS * 0.75),
    ...(revocations && { revocations }),
    async open() {
      await keepMigrating({ database, store, log, stop: stop.signal });
      await revocations?.opened();
    },
  };
}
