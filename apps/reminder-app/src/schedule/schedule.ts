import { setTimeout as delay } from 'node:timers/promises';
import { Cron } from 'croner';

const maxNapMs = 60_000;

export const isSchedule = (pattern: string): boolean => {
  try {
    return new Cron(pattern).nextRun() !== null;
  } catch {
    return false;
  }
};

/**
 * Calls `task` with the latest instant of the cron pattern (UTC): immediately with the last one that has passed, then
 * with each new one, until `signal` aborts. If the task resolves with a number it is called again with the same
 * instant after that many milliseconds, until the next instant. Calls never overlap; instants missed meanwhile are
 * skipped.
 */
export async function onSchedule(
  pattern: string,
  task: (tick: Date) => Promise<number | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const cron = new Cron(pattern, { timezone: 'UTC' });
  let tick = latestTick(cron, Date.now());
  while (!signal.aborted) {
    const againInMs = await task(tick);
    const next = cron.nextRun()?.getTime();
    const again = againInMs === undefined ? undefined : Date.now() + againInMs;
    if (again !== undefined && (next === undefined || again < next)) {
      await sleepUntil(again, signal);
    } else if (next === undefined) {
      return;
    } else {
      await sleepUntil(next, signal);
      tick = new Date(next);
    }
  }
}

/** Returns the last instant of the pattern at or before `now`, in milliseconds since the epoch. */
export const latestTick = (cron: Cron, now: number): Date =>
  // croner searches before the instant it is given.
  cron.previousRuns(1, new Date(now + 1))[0] ?? new Date(0);

/**
 * Sleeps in short intervals: a timer may fire early, is limited to 25 days, and does not notice changes of the clock.
 */
async function sleepUntil(instant: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && Date.now() < instant) {
    const napMs = Math.min(instant - Date.now(), maxNapMs);
    await delay(napMs, undefined, { signal }).catch(() => {});
  }
}
