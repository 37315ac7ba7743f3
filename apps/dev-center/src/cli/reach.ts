import { migrate, migrationsOf, openDatabase, type Database } from '#gatehouse/database';
import type { Logger, Shutdown } from '#gatehouse/platform';
import { createCenter } from '../center.js';
import type { Command } from '../commands/command.js';
import type { DevCenterConfig } from '../config.js';
import { isOpen, runThroughDoor } from '../door/door-client.js';
import { readDoor } from '../door/door-file.js';
import { explained, runCommand } from '../run-command.js';
import type { Talk } from '../talk.js';

export interface Reachable {
  readonly config: DevCenterConfig;
  readonly log: Logger;
  readonly shutdown: Shutdown;
}

/**
 * Runs a command where the database is: behind the door of the process that has the embedded one open, else here. Throws
 * an ExitError 75 when the directory is in use by a process that opened no door.
 */
export async function runWhereTheDatabaseIs(
  name: string,
  command: Command,
  args: object,
  talk: Talk,
  { config, log, shutdown }: Reachable,
): Promise<object> {
  const { DATABASE_URL: url, DATA_DIR: dataDir } = config;
  const door = url ? undefined : readDoor(dataDir);
  if (door && (await isOpen(door))) return runThroughDoor(door, name, args, talk);
  const database = command.withoutDatabase ? {} : { database: await opened({ config, log, shutdown }) };
  const center = createCenter(config, { ...database, log });
  shutdown.add('dev-center', () => center.close());
  return runCommand(command, args, center, talk);
}

async function opened({ config, log, shutdown }: Reachable): Promise<Database> {
  const { DATABASE_URL: url, DATA_DIR: dataDir } = config;
  const database = await openDatabase({ name: 'todo', url, dataDir, log });
  shutdown.add('database', () => database.close());
  await migrate(database, migrationsOf('todo')).catch((error: unknown) => {
    throw explained(error);
  });
  return database;
}
