import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { State } from './state.js';

const format = 1;
const delayMs = 200;

export const stateFileIn = (directory: string): string => join(directory, 'state.json');

/** The state of an earlier run, or nothing. Throws {@link ExitError} 78 for a file that is damaged. */
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
    return Object.fromEntries(entries) as State;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ExitError(
      `The sandbox cannot read ${file}. Remove the directory it is in to start afresh.`,
      exitCodes.badConfiguration,
      { cause: error },
    );
  }
}

/** Keeps the file behind the state: soon after a change, or at once when asked. */
export class StateFile {
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly file: string,
    private readonly current: () => State,
  ) {}

  /** Writes within a fifth of a second, once for all changes until then. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.save(), delayMs).unref();
  }

  /** Resolves when every change so far is in the file; a crash at any point leaves the old or the new one whole. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => writeAtomically(this.file, serialise(this.current())));
    return this.#writing;
  }
}

const serialise = (state: State): string =>
  JSON.stringify({ format, state }, (_name, value: unknown) =>
    value instanceof Map ? [...(value as Map<string, unknown>).values()] : value,
  );

export async function writeAtomically(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
