import type { Clock } from '#gatehouse/platform';
import type { Revocation } from './revocation.js';

/** What was read, and where the next reading begins. */
export interface RevocationReading {
  readonly revocations: readonly Revocation[];
  /** Opaque; only the memory that gave it can read it. */
  readonly mark: string;
  /** Whether there is more to be read at once, by this mark. */
  readonly more?: boolean;
}

/** A replica's chance to do a piece of work that all replicas share. */
export interface Turn {
  /** Whether this replica is to do the work now. */
  readonly mine: boolean;
  /** Milliseconds since the epoch up to which the work is done; undefined when it never was. */
  readonly doneUntil: number | undefined;
}

/**
 * Where revocations are kept beyond one process. The application supplies it, on its own database, shared by all
 * replicas. Methods reject when the database does not answer.
 */
export interface RevocationMemory {
  /** Whether it can be read yet; without this it can from the start. Once it can, that is news. */
  isReady?(): boolean;
  /**
   * Keeps revocations; each moves its key's instant forward, never back. Durable once it resolves with the number of keys that
   * moved: 0 where all were recorded before.
   */
  record(revocations: readonly Revocation[]): Promise<number>;
  /**
   * Resolves with what was recorded since `mark`, maybe some of it again; without one with all that is in force. Large
   * amounts come in parts.
   */
  read(mark?: string): Promise<RevocationReading>;
  /** Calls `onNews` soon after another replica recorded something, until closed. */
  listen(onNews: () => void): RevocationNews;
  /** Gives the work called `name` to one replica each `everyMs`. */
  takeTurn(name: string, everyMs: number): Promise<Turn>;
  /** Notes that the work called `name` is done up to `doneUntil`, milliseconds since the epoch; never moves back. */
  endTurn(name: string, doneUntil: number): Promise<void>;
}

export interface RevocationNews {
  /** Why news may come late, for operators; undefined while it arrives. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/** Returns a {@link RevocationMemory} for one replica. It forgets everything when the process ends. */
export function inProcessRevocations(clock: Clock): RevocationMemory {
  const kept = new Map<string, Revocation>();
  let changes = 0;
  const turns = new Map<string, { takenAt: number; doneUntil: number | undefined }>();
  return {
    record(revocations) {
      const moved = new Set<string>();
      for (const one of revocations) {
        if (one.revokedBefore <= (kept.get(one.key)?.revokedBefore ?? -Infinity)) continue;
        kept.set(one.key, one);
        moved.add(one.key);
      }
      changes += moved.size;
      for (const [key, { keepUntil }] of kept) if (keepUntil <= clock()) kept.delete(key);
      return Promise.resolve(moved.size);
    },
    read(mark) {
      const current = String(changes);
      return Promise.resolve({ revocations: mark === current ? [] : [...kept.values()], mark: current });
    },
    listen: () => ({ problem: () => undefined, close: () => Promise.resolve() }),
    takeTurn(name, everyMs) {
      const { takenAt = -Infinity, doneUntil } = turns.get(name) ?? {};
      const mine = clock() - takenAt >= everyMs;
      if (mine) turns.set(name, { takenAt: clock(), doneUntil });
      return Promise.resolve({ mine, doneUntil });
    },
    endTurn(name, doneUntil) {
      const { takenAt = clock(), doneUntil: before = -Infinity } = turns.get(name) ?? {};
      turns.set(name, { takenAt, doneUntil: Math.max(before, doneUntil) });
      return Promise.resolve();
    },
  };
}
