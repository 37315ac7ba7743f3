import { retryAfterMs } from './retry-after.js';

const now = Date.parse('2026-11-22T10:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['seconds', '7', 7_000],
    ['zero seconds', '0', 0],
    ['an HTTP date', 'Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
    ['an HTTP date in the past', 'Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['something unreadable', 'soon', undefined],
    ['a negative number', '-5', undefined],
    ['seconds with a unit', '5 s', undefined],
  ])('is read when it is %s', (_title, header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it('is absent without a header', () => {
    expect(retryAfterMs(undefined, now)).toBeUndefined();
  });
});
