import type { Clock } from '#gatehouse/platform';

/** The minimum, even if FusionAuth is faster. */
const atLeastMs = 250;
const hourMs = 3_600_000;

/**
 * Decides how long a refused log-in takes, so that its time does not distinguish an unknown user, for whom FusionAuth
 * compares no hash, from a wrong token: as long as the slowest log-in of this hour and the last, at least 250 ms and
 * at most `atMostMs`. It is the slowest and not the mean, so that a flood of attempts at unknown users does not lower
 * it.
 */
export function refusalTime(clock: Clock, atMostMs: number) {
  let since = clock();
  let slowestMs = 0;
  let slowestBeforeMs = 0;
  const turn = (): void => {
    const passedMs = clock() - since;
    if (passedMs < hourMs) return;
    slowestBeforeMs = passedMs < 2 * hourMs ? slowestMs : 0;
    slowestMs = 0;
    since = clock();
  };
  return {
    /** Notes the duration of a log-in. */
    note(durationMs: number): void {
      turn();
      slowestMs = Math.max(slowestMs, durationMs);
    },
    /** Returns how long a refusal must take, in milliseconds. */
    durationMs(): number {
      turn();
      return Math.min(atMostMs, Math.max(atLeastMs, slowestMs, slowestBeforeMs));
    },
  };
}
