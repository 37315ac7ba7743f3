import { setTimeout as delay } from 'node:timers/promises';
import { Cron } from 'croner';

const maxNapMs = 60_000;

export const isSchedule = (pattern: string): boolean => {
  try {
    return new Cron(pattern, { timezone: 'UTC' }).nextRun() !== null;
  } catch {
    return false;
  }
};

/**
 * Calls `task` with the latest instant of the cron pattern (UTC): at once with the one that has passed, then with each
 * that comes, until `signal` aborts. While the task answers with a number it is called again with the same instant, that
 * many milliseconds later, until the next comes. Two calls never overlap; instants missed meanwhile are not made up for.
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

/** The last instant of the pattern that has come by `now`, in milliseconds since the epoch: `now` itself is one. */
export const latestTick = (cron: Cron, now: number): Date =>
  // croner looks before the instant it is given.
  cron.previousRuns(1, new Date(now + 1))[0] ?? new Date(0);

/** In short naps: a timer may fire early, holds 25 days at most, and does not notice that the clock was set. */
async function sleepUntil(instant: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && Date.now() < instant) {
    const napMs = Math.min(instant - Date.now(), maxNapMs);
    await delay(napMs, undefined, { signal }).catch(() => {});
  }
}
