import { setTimeout as delay } from 'node:timers/promises';
import { Cron } from 'croner';

const longestNap = 60_000;

export const isSchedule = (pattern: string): boolean => {
  try {
    return new Cron(pattern, { timezone: 'UTC' }).nextRun() !== null;
  } catch {
    return false;
  }
};

/**
 * Calls `task` at once and then at every instant of the cron pattern (UTC) until `signal` aborts. The next instant is
 * looked up after a task has ended, so two never overlap and missed instants are not made up for.
 */
export async function onSchedule(
  pattern: string,
  task: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const cron = new Cron(pattern, { timezone: 'UTC' });
  while (!signal.aborted) {
    await task();
    const next = cron.nextRun();
    if (!next) return;
    await sleepUntil(next.getTime(), signal);
  }
}

/** In short naps: a timer may fire early, holds 25 days at most, and does not notice that the clock was set. */
async function sleepUntil(instant: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && Date.now() < instant) {
    const nap = Math.min(instant - Date.now(), longestNap);
    await delay(nap, undefined, { signal }).catch(() => {});
  }
}
