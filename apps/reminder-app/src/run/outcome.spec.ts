import { outcomeOf } from './outcome.js';

const plannedAt = Date.parse('2026-11-22T10:00:00Z');
const day = 24 * 3_600_000;
const later = { kind: 'later', reason: '450 busy', serverDown: false } as const;

describe('the state after an attempt', () => {
  it('is sent, unknown or dead, as the mail server replied', () => {
    const mail = { attempt: 1, plannedAt };

    expect(outcomeOf({ kind: 'sent' }, mail, plannedAt)).toEqual({ state: 'sent' });
    expect(outcomeOf({ kind: 'unknown', reason: 'no reply' }, mail, plannedAt)).toMatchObject({
      state: 'unknown',
    });
    expect(outcomeOf({ kind: 'refused', reason: '550 no' }, mail, plannedAt)).toMatchObject({
      state: 'dead',
    });
  });

  it('is a retry after one minute, then after twice as long each time, up to a quarter of an hour', () => {
    const pauses = [1, 2, 3, 4, 5, 50].map((attempt) => outcomeOf(later, { attempt, plannedAt }, plannedAt));

    expect(pauses).toEqual(
      [60, 120, 240, 480, 900, 900].map((retryInSeconds) => ({
        state: 'failed',
        reason: '450 busy',
        retryInSeconds,
      })),
    );
  });

  it('is a retry for four days, then dead', () => {
    expect(outcomeOf(later, { attempt: 300, plannedAt }, plannedAt + 4 * day)).toMatchObject({
      state: 'failed',
    });
    expect(outcomeOf(later, { attempt: 300, plannedAt }, plannedAt + 4 * day + 1)).toEqual({
      state: 'dead',
      reason: 'given up after four days: 450 busy',
    });
  });

  it('is a retry after days without attempts, up to the twentieth attempt', () => {
    expect(outcomeOf(later, { attempt: 19, plannedAt }, plannedAt + 5 * day)).toMatchObject({
      state: 'failed',
    });
    expect(outcomeOf(later, { attempt: 20, plannedAt }, plannedAt + 5 * day)).toMatchObject({
      state: 'dead',
    });
  });

  it('is a retry after a minute if the server is the cause, after any number of attempts', () => {
    const down = { kind: 'later', reason: '421 busy', serverDown: true } as const;

    for (const [attempt, days] of [
      [1, 0],
      [7, 0],
      [500, 30],
    ] as const) {
      expect(outcomeOf(down, { attempt, plannedAt }, plannedAt + days * day)).toEqual({
        state: 'failed',
        reason: '421 busy',
        retryInSeconds: 60,
        ofServer: true,
      });
    }
  });
});
