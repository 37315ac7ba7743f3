import { createHmac } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from '#gatehouse/platform';

/** How commands reach the process that has the embedded database open. */
export interface DoorAddress {
  readonly url: string;
  readonly token: string;
  /** The FusionAuth that it works with. */
  readonly fusionauthUrl: string;
}

/** What only a process that knows the token can answer to a challenge. */
export const proofOf = (token: string, challenge: string): string =>
  createHmac('sha256', token).update(challenge).digest('base64url');

const schema = z.object({
  url: z.url(),
  token: z.string().min(32),
  fusionauthUrl: z.url(),
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

/** What was announced last. The process may be gone since: only `isOpen` tells. */
export function readDoor(dataDir: string): DoorAddress | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}
