import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#gatehouse/platform';

/** The state of log-ins that keeps guesses from locking a user in FusionAuth. Keys are hashes. */
export interface LoginAttempts {
  /** Resolves with whether this e-mail and token succeeded within the last 24 h. */
  isKnownPair(pair: string): Promise<boolean>;
  /** Called at every success that FusionAuth confirmed, so it must be cheap for a known pair. */
  rememberPair(pair: string): Promise<void>;
  forgetPair(pair: string): Promise<void>;
  /**
   * Takes one of the `limit` attempts that a login id has in any `seconds`, counted over all replicas. Resolves with
   * the seconds to wait if none is left, else with an id for {@link giveBack}.
   */
  takeAttempt(loginId: string, limit: number, seconds: number): Promise<Attempt>;
  /** Gives back an attempt that was not refused. */
  giveBack(loginId: string, attempt: string): Promise<void>;
}

export type Attempt = { readonly taken: string } | { readonly waitSeconds: number };

const dayMs = 24 * 3_600_000;
const maxRemembered = 100_000;

/** Returns {@link LoginAttempts} for one replica. */
export function inProcessAttempts(clock: Clock): LoginAttempts {
  const pairs = new LRUCache<string, number>({ max: maxRemembered });
  const attempts = new LRUCache<string, { readonly id: string; readonly at: number }[]>({
    max: maxRemembered,
  });
  return {
    isKnownPair: (pair) => Promise.resolve(clock() - (pairs.get(pair) ?? -Infinity) < dayMs),
    rememberPair: (pair) => Promise.resolve(void pairs.set(pair, clock())),
    forgetPair: (pair) => Promise.resolve(void pairs.delete(pair)),
    takeAttempt(loginId, limit, seconds) {
      const recent = (attempts.get(loginId) ?? []).filter(({ at }) => clock() - at < seconds * 1000);
      const oldest = recent[0];
      if (oldest && recent.length >= limit)
        return Promise.resolve({ waitSeconds: Math.ceil((oldest.at + seconds * 1000 - clock()) / 1000) });

      const taken = { id: randomUUID(), at: clock() };
      attempts.set(loginId, [...recent, taken]);
      return Promise.resolve({ taken: taken.id });
    },
    giveBack(loginId, attempt) {
      attempts.set(
        loginId,
        (attempts.get(loginId) ?? []).filter(({ id }) => id !== attempt),
      );
      return Promise.resolve();
    },
  };
}
