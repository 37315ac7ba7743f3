import type { Clock } from '#gatehouse/platform';

/** In milliseconds, whatever FusionAuth takes. */
const atLeast = 250;
const hour = 3_600_000;

export interface RefusalTime {
  /** Notes what a log-in took that FusionAuth accepted or refused, in milliseconds. */
  note(milliseconds: number): void;
  /** What a refusal must take, in milliseconds. */
  milliseconds(): number;
}

/**
 * How long a refused log-in takes, so that its time does not tell an unknown user, for whom FusionAuth compares no hash,
 * from a wrong token: as long as the slowest log-in of this hour and the last, at least a quarter of a second and at most
 * `atMost`. The slowest and not the mean, so that a flood of attempts at unknown users does not lower it.
 */
export function refusalTime(clock: Clock, atMost: number): RefusalTime {
  let since = clock();
  let [slowest, before] = [0, 0];
  const turn = (): void => {
    const passed = clock() - since;
    if (passed < hour) return;
    [slowest, before, since] = [0, passed < 2 * hour ? slowest : 0, clock()];
  };
  return {
    note(milliseconds) {
      turn();
      slowest = Math.max(slowest, milliseconds);
    },
    milliseconds() {
      turn();
      return Math.min(atMost, Math.max(atLeast, slowest, before));
    },
  };
}
