import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exitCodes, ExitError, type Logger, unwritable } from '#gatehouse/platform';
import { emptyCollections } from './empty-state.js';
import type { State } from './state.js';

const format = 1;
const delayMs = 200;

export const stateFileIn = (directory: string): string => join(directory, 'state.json');

/**
 * Reads the state of an earlier run; undefined if there is none. Throws {@link ExitError} 78 for a damaged or
 * unreadable file.
 */
export async function loadState(file: string): Promise<State | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    const stored = JSON.parse(text) as { format: number; state: Record<string, unknown> };
    if (stored.format !== format) throw new Error(`format ${stored.format}`);
    const entries = Object.entries(stored.state).map(([name, value]) =>
      Array.isArray(value)
        ? [name, new Map((value as { id: string }[]).map((item) => [item.id, item]))]
        : [name, value],
    );
    // A file of an older version lacks the collections added since.
    return { ...emptyCollections(), ...(Object.fromEntries(entries) as State) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const explained = unwritable(file, error);
    if (explained !== error) throw explained;
    throw new ExitError(
      `The sandbox cannot read ${file}. Delete its directory to start again.`,
      exitCodes.badConfiguration,
      { cause: error },
    );
  }
}

/** Persists the state of an instance. */
export interface StateStore {
  /** Schedules a write. */
  changed(): void;
  /** Resolves when every change so far is written. */
  save(): Promise<void>;
  /** Saves for the last time: later changes are not written. */
  close(): Promise<void>;
}

/** For an instance that lives in memory only. */
export const inMemoryOnly: StateStore = {
  changed: () => undefined,
  save: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** Writes the state to a file: soon after a change, or immediately on request. */
export class StateFile implements StateStore {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;
  #closed = false;

  constructor(
    private readonly file: string,
    private readonly current: () => State,
    private readonly log: Logger,
  ) {}

  /** Writes within 200 ms, once for all changes until then. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.save().catch((error: unknown) => this.log.error({ err: error }, 'the state could not be saved'));
    }, delayMs).unref();
  }

  /** Resolves when every change so far is in the file. Calls during a write share the next one. */
  save(): Promise<void> {
    if (this.#closed) return this.#running;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#queued ??= this.#running.then(() => {
      this.#queued = undefined;
      const write = writeAtomically(this.file, serialise(this.current()));
      this.#running = write.catch(() => undefined);
      return write;
    });
    return this.#queued;
  }

  /** Saves for the last time, because the file may belong to the next instance afterwards. */
  async close(): Promise<void> {
    const saved = this.save();
    this.#closed = true;
    await saved;
  }
}

const serialise = (state: State): string =>
  JSON.stringify({ format, state }, (_name, value: unknown) =>
    value instanceof Map ? [...(value as Map<string, unknown>).values()] : value,
  );

/**
 * Writes a file of mode 0600 so that a process killed at any point leaves either the old or the new one complete.
 * Throws {@link ExitError} 78 where it cannot be written.
 */
export async function writeAtomically(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (error) {
    throw unwritable(file, error);
  }
}
