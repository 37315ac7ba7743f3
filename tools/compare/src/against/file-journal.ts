import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { exitCodes, ExitError, HeldElsewhere, lockPath } from '#gatehouse/platform';
import { type Journal, kinds, type Made } from '../world/objects.js';

const line = z.union([
  z.object({ url: z.string(), kind: z.enum(kinds), id: z.string(), tenant: z.string().optional() }),
  z.object({ gone: z.string() }),
]);

/** A journal in a file, which survives a kill. */
export interface FileJournal extends Journal {
  /** The FusionAuth where an earlier run left things; undefined where none are left. */
  readonly leftAt: string | undefined;
  /** Releases the file for other processes; one without entries is deleted. */
  close(): void;
}

/**
 * Opens the journal of what is made at `url`, for this process alone. An entry is on disk before `note` returns. Throws
 * an ExitError 75 where another comparison is using it.
 */
export function openJournal(path: string, url: string): FileJournal {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const release = locked(path);
  const content = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const { entries, leftAt } = entriesIn(content);
  const file = openSync(path, 'a', 0o600);
  // A line that a kill cut short must not swallow the next entry.
  if (content !== '' && !content.endsWith('\n')) writeSync(file, '\n');
  const write = (entry: z.output<typeof line>) => {
    writeSync(file, `${JSON.stringify(entry)}\n`);
    fsyncSync(file);
  };
  return {
    leftAt,
    note(made) {
      write({ url, ...made });
      entries.set(made.id, made);
    },
    entries: () => [...entries.values()],
    forget({ id }) {
      write({ gone: id });
      entries.delete(id);
    },
    close() {
      closeSync(file);
      if (entries.size === 0) rmSync(path);
      release();
    },
  };
}

/** Returns what the lines of a journal leave to be removed, and the FusionAuth where it is. */
function entriesIn(content: string) {
  const entries = new Map<string, Made>();
  let place: string | undefined;
  for (const text of content.split('\n')) {
    const entry = read(text);
    if (entry === undefined) continue;
    if ('gone' in entry) {
      entries.delete(entry.gone);
    } else {
      const { url, kind, id, tenant } = entry;
      entries.set(id, { kind, id, ...(tenant === undefined ? {} : { tenant }) });
      place = url;
    }
  }
  return { entries, leftAt: entries.size > 0 ? place : undefined };
}

/** Parses a line. Undefined for an empty one and for one that a kill cut short: its thing had not been made yet. */
function read(text: string): z.output<typeof line> | undefined {
  try {
    return line.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function locked(path: string): () => void {
  try {
    return lockPath(path);
  } catch (error) {
    if (!(error instanceof HeldElsewhere)) throw error;
    throw new ExitError(
      `Another comparison is at work (${error.holder}): wait until it has ended.`,
      exitCodes.directoryInUse,
    );
  }
}
