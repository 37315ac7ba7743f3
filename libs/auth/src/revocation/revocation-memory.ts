import type { Clock } from '#gatehouse/platform';
import type { Revocation } from './revocation.js';

/** The revocations read, and where the next read begins. */
export interface RevocationReading {
  readonly revocations: readonly Revocation[];
  /** Opaque; only the memory that returned it can interpret it. */
  readonly mark: string;
  /** Whether there is more to read immediately, from this mark. */
  readonly more?: boolean;
}

/** A replica's turn at work that all replicas share. */
export interface Turn {
  /** Whether this replica must do the work now. */
  readonly mine: boolean;
  /** Milliseconds since the epoch up to which the work is done; undefined if it never was. */
  readonly doneUntil: number | undefined;
}

/**
 * Stores revocations for all replicas. The application supplies it, on its own database. Methods reject if the
 * database does not answer.
 */
export interface RevocationMemory {
  /** Tells whether it can be read; if absent, it can from the start. `onNews` is called when it becomes readable. */
  isReady?(): boolean;
  /**
   * Stores revocations; each moves its key's instant forward, never backward. Durable once it resolves, with the
   * number of keys that moved: 0 if all were recorded before.
   */
  record(revocations: readonly Revocation[]): Promise<number>;
  /**
   * Resolves with the revocations recorded since `mark`, possibly some of them again; without a mark, all that
   * are active. Large amounts come in parts.
   */
  read(mark?: string): Promise<RevocationReading>;
  /** Calls `onNews` soon after another replica records something, until closed. */
  listen(onNews: () => void): RevocationNews;
  /** Gives the work called `name` to one replica every `everyMs`. */
  takeTurn(name: string, everyMs: number): Promise<Turn>;
  /**
   * Notes that the work called `name` is done up to `doneUntil`, in milliseconds since the epoch; never moves
   * backward.
   */
  endTurn(name: string, doneUntil: number): Promise<void>;
}

export interface RevocationNews {
  /** Says for operators why news may be late; undefined if it is not. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/** Returns a {@link RevocationMemory} for one replica. It forgets everything when the process ends. */
export function inProcessRevocations(clock: Clock): RevocationMemory {
  const stored = new Map<string, Revocation>();
  let changes = 0;
  const turns = new Map<string, { takenAt: number; doneUntil: number | undefined }>();
  return {
    record(revocations) {
      const moved = new Set<string>();
      for (const one of revocations) {
        if (one.revokedBefore <= (stored.get(one.key)?.revokedBefore ?? -Infinity)) continue;
        stored.set(one.key, one);
        moved.add(one.key);
      }
      changes += moved.size;
      for (const [key, { keepUntil }] of stored) if (keepUntil <= clock()) stored.delete(key);
      return Promise.resolve(moved.size);
    },
    read(mark) {
      const current = String(changes);
      return Promise.resolve({ revocations: mark === current ? [] : [...stored.values()], mark: current });
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
