import { setTimeout } from 'node:timers/promises';
import { type Database, explainedDatabaseError, migrate, migrationsOf } from '#gatehouse/database';
import { exitCodes, ExitError, type Logger } from '#gatehouse/platform';
import type { TodoStore } from './todo-store.js';

const retryDelayMs = 2_000;

interface Migrating {
  readonly database: Database;
  /** Opened once the database is migrated. */
  readonly store: TodoStore;
  readonly log: Logger;
  readonly stop: AbortSignal;
}

/**
 * Migrates the database and opens the store. Resolves after the first attempt; if the database cannot be reached it
 * retries until `stop` is aborted. Throws {@link ExitError} 78 if the first attempt shows a fault that an operator
 * must fix, such as a wrong password or a history that contradicts the migrations.
 */
export async function keepMigrating(migrating: Migrating): Promise<void> {
  if (!(await succeeds(migrating))) void tryAgain(migrating);
}

async function tryAgain(migrating: Migrating): Promise<void> {
  const { stop, log } = migrating;
  do {
    await setTimeout(retryDelayMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return;
  } while (!(await succeeds(migrating).catch((error: unknown) => log.error({ err: error }, 'not migrated'))));
}

async function succeeds({ database, store, log, stop }: Migrating): Promise<boolean> {
  try {
    const applied = await migrate(database, migrationsOf('todo'));
    await store.open();
    log.info({ applied }, 'database ready');
    return true;
  } catch (error) {
    const explained = explainedDatabaseError(error);
    if (explained instanceof ExitError && explained.exitCode !== exitCodes.unavailable) throw explained;
    const retrySeconds = retryDelayMs / 1000;
    if (!stop.aborted) log.warn({ err: error, retrySeconds }, 'database not ready; retrying');
    return false;
  }
}
