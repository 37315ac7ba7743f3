import { setTimeout as sleep } from 'node:timers/promises';
import { postgresRevocations } from '#gatehouse/revocations';
import type { CommandContext } from '../context.js';

/** How long an event may take to arrive, in milliseconds. */
export const waitMs = 5_000;
const lookEveryMs = 50;

/** Observes the revocations of one user that arrive in the Todo API's database. */
export interface Arrivals {
  /** Must be called before an event is caused; its milliseconds count from this call. */
  expect(key: string): Promise<Expected>;
}

export interface Expected {
  /** Resolves with the milliseconds it took, or undefined after {@link waitMs}. Rejects when the signal aborts. */
  arrival(signal: AbortSignal): Promise<number | undefined>;
}

export async function arrivalsOf({ database, data, log }: CommandContext, userId: string): Promise<Arrivals> {
  const { memory } = postgresRevocations({ database, url: undefined, listenUrl: undefined, log });
  const revokedBefore = new Map<string, number>();
  let mark: string | undefined;
  const look = async () => {
    const reading = await memory.read(mark);
    mark = reading.mark;
    for (const one of reading.revocations)
      if (one.key.includes(userId)) revokedBefore.set(one.key, one.revokedBefore);
  };
  await look();
  return {
    async expect(key) {
      // By FusionAuth's own clock, which dates events: a late event of an earlier cause does not count for this one.
      const since = (await data.readClock()) ?? -Infinity;
      const before = revokedBefore.get(key) ?? -Infinity;
      const start = performance.now();
      const elapsed = () => Math.round(performance.now() - start);
      const arrival = async (signal: AbortSignal): Promise<number | undefined> => {
        const end = performance.now() + waitMs;
        for (;;) {
          await look();
          const at = revokedBefore.get(key) ?? -Infinity;
          if (at > before && at >= since) return elapsed();
          if (performance.now() >= end) return undefined;
          await sleep(lookEveryMs, undefined, { signal });
        }
      };
      return { arrival };
    },
  };
}
