import { setTimeout as delay } from 'node:timers/promises';
import { isSchedule, onSchedule } from './watch.js';

describe('the schedule', () => {
  it('runs at once, then by the pattern, and never two at a time', async () => {
    const stop = new AbortController();
    const started: number[] = [];
    let underWay = 0;
    let most = 0;

    await onSchedule(
      '* * * * * *',
      async () => {
        started.push(Date.now());
        most = Math.max(most, ++underWay);
        // Longer than the interval: the instants in between are not made up for.
        await delay(started.length === 1 ? 0 : 1_100);
        underWay--;
        if (started.length === 3) stop.abort();
      },
      stop.signal,
    );

    expect(most).toBe(1);
    for (const instant of started.slice(1)) expect(instant % 1000).toBeLessThan(400);
    expect(started[2]! - started[1]!).toBeGreaterThan(1_100);
  });

  it('ends at once when it is stopped between two runs', async () => {
    const stop = new AbortController();
    let runs = 0;
    const watching = onSchedule(
      '0 0 1 1 *',
      () => {
        runs++;
        return Promise.resolve();
      },
      stop.signal,
    );

    await delay(20);
    stop.abort();
    await watching;

    expect(runs).toBe(1);
  });

  it('passes on what a run cannot get over', async () => {
    const failing = () => Promise.reject(new Error('refused'));

    await expect(onSchedule('* * * * *', failing, new AbortController().signal)).rejects.toThrow('refused');
  });

  it.each(['*/5 * * * *', '*/10 * * * * *', '@daily'])('knows the pattern %s', (pattern) => {
    expect(isSchedule(pattern)).toBe(true);
  });

  it.each(['', 'often', '61 * * * *', '0 0 30 2 *'])(
    'does not take %j for a pattern that ever comes',
    (pattern) => {
      expect(isSchedule(pattern)).toBe(false);
    },
  );
});
