import { openDatabase } from '#gatehouse/database';
import type { Clock, Logger, Shutdown } from '#gatehouse/platform';
import { type GuardMemory, guardMemory } from '#gatehouse/todo-database';
import type { ForwardAuthConfig } from './config.js';

/** What the guard remembers in the database of the Todo API, together with it; undefined without DATABASE_URL. */
export async function sharedMemory(
  config: ForwardAuthConfig,
  parts: { log: Logger; clock: Clock; shutdown: Shutdown },
): Promise<GuardMemory | undefined> {
  const { DATABASE_URL: url } = config;
  if (!url) return undefined;
  const database = await openDatabase({ name: 'todo', url, dataDir: '', log: parts.log });
  return guardMemory(database, config, parts);
}
