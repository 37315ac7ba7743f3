import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { unwritable } from './data-directory.js';

/**
 * Writes a file below DATA_DIR that only its owner may read; a reader sees the old content or the new, never half of
 * it. Throws an ExitError 78 where it cannot be written.
 */
export function writePrivateFile(file: string, content: string | Uint8Array): void {
  // Process numbers are not unique: in containers that share the directory each process may be number 1.
  const beside = `${file}.${randomUUID()}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(beside, content, { mode: 0o600, flush: true });
    renameSync(beside, file);
  } catch (error) {
    if (existsSync(beside)) rmSync(beside);
    throw unwritable(file, error);
  }
}
