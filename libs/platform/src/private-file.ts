import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { unwritable } from './data-directory.js';

/**
 * Writes a file below DATA_DIR that only its owner may read; a reader sees either the old or the new content. Throws
 * an ExitError 78 if it cannot be written.
 */
export function writePrivateFile(file: string, content: string | Uint8Array): void {
  // Process ids are not unique: in containers that share the directory each process may have id 1.
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
