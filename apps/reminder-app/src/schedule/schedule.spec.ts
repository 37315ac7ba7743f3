import { setTimeout as delay } from 'node:timers/promises';
import { Cron } from 'croner';
import { isSchedule, latestTick, onSchedule } from './schedule.js';

describe('the schedule', () => {
  it('begins with the last instant, then follows each next one, never two at a time', async () => {
    const stop = new AbortController();
    const ticks: number[] = [];
    const started: number[] = [];
    const ended: number[] = [];
    const begun = Date.now();
    let underWay = 0;
    let most = 0;

    await onSchedule(
      '* * * * * *',
      async (tick) => {
        ticks.push(tick.getTime());
        started.push(Date.now());
        most = Math.max(most, ++underWay);
        // Longer than the interval: the instants in between are not made up for.
        await delay(started.length === 1 ? 0 : 1_100);
        underWay--;
        if (started.length === 3) stop.abort();
        ended.push(Date.now());
        return undefined;
      },
      stop.signal,
    );

    expect(most).toBe(1);
    ticks.forEach((tick, index) => {
      expect(tick % 1000).toBe(0);
      expect(started[index]).toBeGreaterThanOrEqual(tick);
      // The first has passed, but not its successor; each other is the next after the end of the run before.
      const after = index === 0 ? begun - 1_000 : ended[index - 1]!;
      expect(tick).toBeGreaterThan(after);
      expect(tick - after).toBeLessThan(2_000);
    });
  });

  it.each([
    ['10:00:00.000Z', '10:00:00.000Z'],
    ['10:00:00.001Z', '10:00:00.000Z'],
    ['09:59:59.999Z', '09:00:00.000Z'],
    ['10:59:59.999Z', '10:00:00.000Z'],
  ])('begins at %s with the instant %s', (now, tick) => {
    const hourly = new Cron('0 * * * *', { timezone: 'UTC' });

    expect(latestTick(hourly, Date.parse(`2026-11-22T${now}`)).toISOString()).toBe(`2026-11-22T${tick}`);
  });

  it('repeats an instant on request, after the time that the task asks for', async () => {
    const stop = new AbortController();
    const ticks: number[] = [];
    const begun = Date.now();

    await onSchedule(
      '0 0 1 1 *',
      (tick) => {
        ticks.push(tick.getTime());
        if (ticks.length === 3) stop.abort();
        return Promise.resolve(10);
      },
      stop.signal,
    );

    expect(new Set(ticks).size).toBe(1);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(20);
    expect(new Date(ticks[0]!).toISOString()).toMatch(/-01-01T00:00:00\.000Z$/);
  });

  it('continues with the next instant if that comes before the repetition', async () => {
    const stop = new AbortController();
    const ticks: number[] = [];

    await onSchedule(
      '* * * * * *',
      (tick) => {
        ticks.push(tick.getTime());
        if (ticks.length === 2) stop.abort();
        return Promise.resolve(20_000);
      },
      stop.signal,
    );

    expect(ticks[1]! - ticks[0]!).toBeLessThan(10_000);
  });

  it('ends immediately if it is stopped between two runs', async () => {
    const stop = new AbortController();
    let runs = 0;
    const watching = onSchedule(
      '0 0 1 1 *',
      () => {
        runs++;
        return Promise.resolve(undefined);
      },
      stop.signal,
    );

    await delay(20);
    stop.abort();
    await watching;

    expect(runs).toBe(1);
  });

  it('throws the error of a run', async () => {
    const failing = () => Promise.reject(new Error('refused'));

    await expect(onSchedule('* * * * *', failing, new AbortController().signal)).rejects.toThrow('refused');
  });

  it.each(['*/5 * * * *', '*/10 * * * * *', '@daily'])('accepts the pattern %s', (pattern) => {
    expect(isSchedule(pattern)).toBe(true);
  });

  it.each(['', 'often', '61 * * * *', '0 0 30 2 *'])(
    'does not take %j for a pattern that ever comes',
    (pattern) => {
      expect(isSchedule(pattern)).toBe(false);
    },
  );
});
