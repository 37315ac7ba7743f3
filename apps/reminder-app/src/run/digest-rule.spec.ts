import { isDigestDue } from './digest-rule.js';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.parse('2026-11-22T10:00:00Z');
const gap = 6;

describe('the digest rule', () => {
  it('mails a person without an earlier digest immediately', () => {
    expect(isDigestDue(undefined, [now + 20 * hour], now, gap)).toBe(true);
  });

  it('mails again exactly six hours after the last digest', () => {
    expect(isDigestDue(now - 6 * hour, [now + 20 * hour], now, gap)).toBe(true);
    expect(isDigestDue(now - 6 * hour + 1, [now + 20 * hour], now, gap)).toBe(false);
  });

  it('does not wait for the gap if a todo is due within two hours', () => {
    expect(isDigestDue(now - minute, [now + 20 * hour, now + 2 * hour], now, gap)).toBe(true);
    expect(isDigestDue(now - minute, [now + 20 * hour, now + 2 * hour + 1], now, gap)).toBe(false);
  });

  it('mails overdue todos immediately', () => {
    expect(isDigestDue(now - minute, [now - hour], now, gap)).toBe(true);
  });

  it('does not wait if the gap is zero', () => {
    expect(isDigestDue(now, [now + 20 * hour], now, 0)).toBe(true);
  });

  it('sends no digest without todos', () => {
    expect(isDigestDue(undefined, [], now, gap)).toBe(false);
  });
});
