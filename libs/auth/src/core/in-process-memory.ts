import type { Clock } from '#gatehouse/platform';
import { LRUCache } from 'lru-cache';
import { randomUUID } from 'node:crypto';
import type { AuthMemory } from './memory.js';

const day = 24 * 3_600_000;
const limit = 100_000;

interface Taken {
  readonly id: string;
  readonly at: number;
}

/** {@link AuthMemory} for one replica. Forgets everything when the process ends. */
export function inProcessMemory(clock: Clock): AuthMemory {
  const pairs = new LRUCache<string, number>({ max: limit });
  const attempts = new LRUCache<string, Taken[]>({ max: limit });
  return {
    rolesOfApiKey: () => Promise.resolve(undefined),
    isKnownPair: (pair) => Promise.resolve(clock() - (pairs.get(pair) ?? -Infinity) < day),
    rememberPair: (pair) => Promise.resolve(void pairs.set(pair, clock())),
    forgetPair: (pair) => Promise.resolve(void pairs.delete(pair)),
    takeAttempt(loginId, most, seconds) {
      const recent = (attempts.get(loginId) ?? []).filter(({ at }) => clock() - at < seconds * 1000);
      const oldest = recent[0];
      if (oldest && recent.length >= most) {
        return Promise.resolve({ waitSeconds: Math.ceil((oldest.at + seconds * 1000 - clock()) / 1000) });
      }
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
