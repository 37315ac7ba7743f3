import { migrate, migrationsOf, type Database } from '#gatehouse/database';
import { ExitError, type Logger } from '#gatehouse/platform';
import type { TodoStore } from './todo-store.js';

const retryMilliseconds = 2_000;

/**
 * Migrates the database and opens the store. Resolves after the first attempt; while the database cannot be reached
 * it goes on trying until `stop` is aborted. Throws {@link ExitError} when the history contradicts the migrations,
 * which no further attempt can mend.
 */
export async function keepMigrating(
  database: Database,
  store: TodoStore,
  { log, stop }: { log: Logger; stop: AbortSignal },
): Promise<void> {
  try {
    const applied = await migrate(database, migrationsOf('todo'));
    await store.open();
    log.info({ applied }, 'database ready');
  } catch (error) {
    if (error instanceof ExitError) throw error;
    if (stop.aborted) return;
    log.warn({ err: error, retrySeconds: retryMilliseconds / 1000 }, 'database not ready; trying again');
    const again = () =>
      void keepMigrating(database, store, { log, stop }).catch((reason: unknown) =>
        log.error({ err: reason }, 'database cannot be migrated'),
      );
    const timer = setTimeout(again, retryMilliseconds);
    stop.addEventListener('abort', () => clearTimeout(timer));
  }
}
