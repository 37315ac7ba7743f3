import { openDatabase } from '#gatehouse/database';
import type { Clock, Logger, Shutdown } from '#gatehouse/platform';
import { type GuardMemory, guardMemory } from '#gatehouse/todo-database';
import type { ForwardAuthConfig } from './config.js';

/** Opens the guard's memory in the database of the Todo API; undefined without DATABASE_URL. */
export async function sharedMemory(
  config: ForwardAuthConfig,
  parts: { log: Logger; clock: Clock; shutdown: Shutdown },
): Promise<GuardMemory | undefined> {
  const { DATABASE_URL: url } = config;
  if (!url) return undefined;
  const database = await openDatabase({ name: 'todo', url, dataDir: '', log: parts.log });
  return guardMemory(database, config, parts);
}
