import { dueWindow } from './due-window.js';

const hour = 3_600_000;
const at = (text: string) => Date.parse(text);

describe('the due window', () => {
  it('reaches from the last completed run to 24 hours from now', () => {
    const window = dueWindow(at('2026-11-22T09:55:00Z'), at('2026-11-22T10:00:00Z'), 24);

    expect(window).toEqual({ from: at('2026-11-22T09:55:00Z'), until: at('2026-11-23T10:00:00Z') });
  });

  it('begins now when no run has completed yet', () => {
    expect(dueWindow(undefined, at('2026-11-22T10:00:00Z'), 24).from).toBe(at('2026-11-22T10:00:00Z'));
  });

  it('covers todos that became due while nothing ran', () => {
    const window = dueWindow(at('2026-11-15T10:00:00Z'), at('2026-11-22T10:00:00Z'), 24);

    expect(window.until - window.from).toBe(8 * 24 * hour);
  });

  it('covers a todo that is created after a run inside the span which that run read', () => {
    const firstRun = at('2026-11-22T10:00:00Z');
    const dueAt = at('2026-11-22T12:00:00Z');

    const next = dueWindow(firstRun, at('2026-11-22T10:05:00Z'), 24);

    expect(next.from <= dueAt && dueAt < next.until).toBe(true);
  });

  it('is not inverted by a clock that was set back', () => {
    const now = at('2026-11-22T10:00:00Z');

    expect(dueWindow(at('2026-11-22T11:00:00Z'), now, 24)).toEqual({ from: now, until: now + 24 * hour });
  });

  it.each([
    ['London, clocks forward', '2026-03-29T00:00:00Z'],
    ['London, clocks back', '2026-10-25T00:00:00Z'],
    ['New York, clocks forward', '2026-03-08T06:00:00Z'],
    ['Lord Howe, clocks back by half an hour', '2026-04-04T14:00:00Z'],
  ])('omits no instant over a day of runs around a change of clocks (%s)', (_place, change) => {
    const start = at(change) - 12 * hour;
    const runs = Array.from({ length: 289 }, (_, index) => start + index * 300_000);

    const windows = runs.map((now, index) => dueWindow(runs[index - 1], now, 24));

    windows.slice(1).forEach((window, index) => {
      expect(window.from).toBe(runs[index]);
      expect(window.from).toBeLessThan(windows[index]!.until);
      expect(window.until - runs[index + 1]!).toBe(24 * hour);
    });
  });
});
