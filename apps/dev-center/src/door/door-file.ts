import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, writePrivateFile } from '#gatehouse/platform';
import { z } from 'zod';

/** How commands reach the process that has the embedded database open. */
export interface DoorAddress {
  readonly url: string;
  readonly token: string;
  /** The FusionAuth that it works with. */
  readonly fusionauthUrl: string;
  /** Its identity, by which a later process at the same port is told apart. */
  readonly process: string;
}

const schema = z.object({
  ...{ url: z.url(), token: z.string().min(32) },
  ...{ fusionauthUrl: z.url(), process: z.string() },
});
const fileIn = (dataDir: string): string => join(dataDir, 'dev-center', 'door.json');

/** Readable by whoever may read the database itself, and nobody else. Returns what removes it. */
export function announceDoor(dataDir: string, address: DoorAddress): () => void {
  const file = fileIn(dataDir);
  writePrivateFile(file, `${JSON.stringify(address)}\n`);
  return () => {
    if (readDoor(dataDir)?.token === address.token) rmSync(file, { force: true });
  };
}

/** What was announced last, unless the process that announced it is gone: the token is for nobody else. */
export function readDoor(dataDir: string): DoorAddress | undefined {
  try {
    const address = schema.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
    return isRunning(address.process) ? address : undefined;
  } catch {
    return undefined;
  }
}
