import { type Database, migrate, migrationsOf, openDatabase } from '#gatehouse/database';
import { type Environment, exitCodes, ExitError, type Logger, type Shutdown } from '#gatehouse/platform';
import { createCenter } from '../center.js';
import type { Command } from '../commands/command.js';
import type { DevCenterConfig } from '../config.js';
import { isOpen, runThroughDoor } from '../door/door-client.js';
import { type DoorAddress, readDoor } from '../door/door-file.js';
import { explained, runCommand } from '../run-command.js';
import type { Talk } from '../talk.js';

export interface Reachable {
  readonly config: DevCenterConfig;
  readonly log: Logger;
  readonly shutdown: Shutdown;
  /** What whoever typed the command has set. */
  readonly environment: Environment;
}

/**
 * Runs a command where the database is: behind the door of the process that has the embedded one open, else here. Throws
 * an ExitError 75 when the directory is in use by a process that opened no door, 78 when that works elsewhere.
 */
export async function runWhereTheDatabaseIs(
  name: string,
  command: Command,
  args: object,
  talk: Talk,
  reachable: Reachable,
): Promise<object> {
  const { config, log, shutdown } = reachable;
  const door = await doorFor(command, reachable);
  if (door) return runThroughDoor(door, name, args, talk);
  const database = command.withoutDatabase ? {} : { database: await opened(reachable) };
  const center = createCenter(config, { ...database, log });
  shutdown.add('dev-center', () => center.close());
  return runCommand(command, args, center, talk);
}

const ownKeys = ['FUSIONAUTH_BOOTSTRAP_KEY', 'FUSIONAUTH_MANAGER_KEY'].flatMap((name) => [
  name,
  `${name}_FILE`,
]);

/** The open door, unless the command does without it. Throws an ExitError 78 where behind it is another FusionAuth. */
async function doorFor(
  { withoutDatabase }: Command,
  { config, environment }: Reachable,
): Promise<DoorAddress | undefined> {
  const door = config.DATABASE_URL ? undefined : readDoor(config.DATA_DIR);
  if (!door) return undefined;
  const elsewhere = Boolean(environment['FUSIONAUTH_URL']) && config.FUSIONAUTH_URL !== door.fusionauthUrl;
  const withOwnKey = ownKeys.some((name) => Boolean(environment[name]));
  if (withoutDatabase && (elsewhere || withOwnKey)) return undefined;
  if (!(await isOpen(door))) return undefined;
  if (!elsewhere) return door;
  throw new ExitError(
    `FUSIONAUTH_URL is ${config.FUSIONAUTH_URL}, but the process that has the database in ${config.DATA_DIR} open works ` +
      `with ${door.fusionauthUrl}. Nothing was changed: unset FUSIONAUTH_URL, or set DATA_DIR to the database you mean.`,
    exitCodes.badConfiguration,
  );
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
