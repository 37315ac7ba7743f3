import type { Logger, Clock } from '#gatehouse/platform';
import type { Database } from '#gatehouse/database';
import { createCenter, type Center } from './center.js';
import { allCommands } from './commands/index.js';
import type { DevCenterConfig } from './config.js';
import { announceDoor } from './door/door-file.js';
import { openDoor } from './door/door-server.js';
import { keepSweeping } from './life/sweep.js';

export interface DevCenter {
  readonly url: string;
  /** What commands work with, for those in the same process. */
  readonly center: Center;
  close(): Promise<void>;
}

export interface DevCenterParts {
  /** The Todo API's, migrated; whoever opened it closes it. */
  readonly database: Database;
  readonly log: Logger;
  readonly clock?: Clock;
}

/**
 * Starts the Dev Center: a door for commands, and what must be done to credentials when their time has come. Throws an
 * ExitError 4 for a taken port.
 */
export async function startDevCenter(config: DevCenterConfig, parts: DevCenterParts): Promise<DevCenter> {
  const center = createCenter(config, parts);
  const { HOST: host, PORT: port, DATA_DIR: dataDir } = config;
  const door = await openDoor({ host, port, center, commands: allCommands }).catch(async (error: unknown) => {
    await center.close();
    throw error;
  });
  const withdraw = announceDoor(dataDir, door.address);
  const rest = keepSweeping(center);
  parts.log.info({ url: door.address.url }, 'the Dev Center listens');
  return {
    url: door.address.url,
    center,
    async close() {
      withdraw();
      await door.close();
      await rest();
      await center.close();
    },
  };
}
