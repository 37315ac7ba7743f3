import { extname, join } from 'node:path';
import type { Environment } from '#gatehouse/platform';
import { type Child, startChild } from '../../../measure/src/child.js';
import type { Usage } from '../../../measure/src/serve.js';
import { type Door, type DoorSettings, openDoor } from './door.js';

/** A process that opens doors. */
export interface Doors {
  open(environment: Environment, more?: Omit<DoorSettings, 'environment'>): Promise<Door>;
  /** Returns the resources that the process has used so far. */
  usage(): Promise<Usage>;
  close(): Promise<void>;
}

/** Starts a process for doors, so that its CPU time is theirs alone. */
export async function doorsInProcess(): Promise<Doors> {
  const { dirname, filename } = import.meta;
  const child = await startChild(join(dirname, `../targets/doors${extname(filename)}`), {});
  return {
    open: async (environment, more) =>
      doorIn(child, await child.ask<string>('open', { environment, ...more })),
    usage: () => child.ask<Usage>('usage'),
    close: () => child.close(),
  };
}

const doorIn = (child: Child, url: string): Door => ({
  url,
  metrics: () => child.ask<string>('metrics', url),
  close: () => child.ask('close', url),
});

/** Opens doors in this process, for tests, which run the sources directly. */
export function doorsHere(): Doors {
  const doors: Door[] = [];
  return {
    async open(environment, more) {
      const door = await openDoor({ environment, ...more });
      doors.push(door);
      return door;
    },
    usage: () => Promise.reject(new Error('The CPU time of this process is not that of its doors')),
    async close() {
      await Promise.all(doors.splice(0).map((door) => door.close()));
    },
  };
}
