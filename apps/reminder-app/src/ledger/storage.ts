import {
  type Database,
  explainedDatabaseError,
  migrate,
  migrationsOf,
  openDatabase,
} from '#gatehouse/database';
import type { Logger } from '#gatehouse/platform';
import type { ReminderConfig } from '../config.js';
import { mergeRecipients } from './recipient.repository.js';

export interface StorageOptions {
  readonly log: Logger;
  /** An initialised data directory to copy for a new embedded database. */
  readonly template?: string | undefined;
}

/** Opens the Reminder's own database, embedded or on a server. Throws an ExitError 75 if the directory is in use. */
export const openStorage = (config: ReminderConfig, log: Logger, template?: string): Promise<Database> =>
  openDatabase({ name: 'reminder', url: config.DATABASE_URL, dataDir: config.DATA_DIR, log, template });

/** Migrates the tables, and merges different spellings of their recipients. Throws like `migrate`. */
export async function prepareStorage(database: Database, log: Logger): Promise<void> {
  const applied = await migrate(database, migrationsOf('reminder'));
  if (applied.length > 0) log.info({ applied }, 'database migrated');
  const merged = await mergeRecipients(database.pool);
  if (merged > 0) log.info({ merged }, 'recipients with several spellings of one address were merged');
}

/** Returns a function that reads the clock that all workers of a database share, in milliseconds since the epoch. */
export const databaseClock = (database: Database) => async (): Promise<number> => {
  const { rows } = await database.pool.query<{ now: Date }>({ name: 'now', text: 'select now()' });
  return rows[0]?.now.getTime() ?? Date.now();
};

/**
 * Runs `work`; a failure of the database becomes one sentence for the operator (exit 4, or 78 if an operator must
 * act).
 */
export async function withDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainedDatabaseError(error);
  }
}
