import { isDigestDue } from './digest-rule.js';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.parse('2026-11-22T10:00:00Z');
const gap = 6;

describe('the digest rule', () => {
  it('mails at once somebody who has had no digest yet', () => {
    expect(isDigestDue(undefined, [now + 20 * hour], now, gap)).toBe(true);
  });

  it('mails again once six hours have passed since the last digest, and not a millisecond sooner', () => {
    expect(isDigestDue(now - 6 * hour, [now + 20 * hour], now, gap)).toBe(true);
    expect(isDigestDue(now - 6 * hour + 1, [now + 20 * hour], now, gap)).toBe(false);
  });

  it('does not wait for the gap when a todo is due within two hours', () => {
    expect(isDigestDue(now - minute, [now + 20 * hour, now + 2 * hour], now, gap)).toBe(true);
    expect(isDigestDue(now - minute, [now + 20 * hour, now + 2 * hour + 1], now, gap)).toBe(false);
  });

  it('mails at once what is overdue', () => {
    expect(isDigestDue(now - minute, [now - hour], now, gap)).toBe(true);
  });

  it('waits for nothing when the gap is zero', () => {
    expect(isDigestDue(now, [now + 20 * hour], now, 0)).toBe(true);
  });

  it('mails nobody about nothing', () => {
    expect(isDigestDue(undefined, [], now, gap)).toBe(false);
  });
});
