import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes, ExitError, HeldElsewhere, lockPath, NoLocksHere, unwritable } from '#gatehouse/platform';

/**
 * Gives this sandbox exclusive use of its directory until the returned function is called, because two would overwrite
 * each other's state. Throws an ExitError 75 while another sandbox has it. Without locks, on a bind mount of Docker Desktop
 * for example, it does without.
 */
export function lockInstance(directory: string): () => void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return lockPath(join(directory, 'instance'));
  } catch (error) {
    if (error instanceof NoLocksHere) return () => undefined;
    if (!(error instanceof HeldElsewhere)) throw unwritable(directory, error);
    throw new ExitError(
      `The sandbox in ${directory} is in use by ${error.holder}: stop that process, or choose another DATA_DIR.`,
      exitCodes.directoryInUse,
    );
  }
}
