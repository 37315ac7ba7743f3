import fc from 'fast-check';
import { commitAllowanceMs, revocationKey, type RevocationTarget, revokes, targetOf } from './revocation.js';

describe('the key of a revocation', () => {
  it.each<[RevocationTarget, string]>([
    [{ kind: 'user', userId: 'u' }, 'user:u'],
    [{ kind: 'registration', userId: 'u', applicationId: 'a' }, 'registration:u:a'],
    [{ kind: 'application', applicationId: 'a' }, 'application:a'],
    [{ kind: 'session', sessionId: 's' }, 'session:s'],
  ])('of %j is %s, and back', (target, key) => {
    expect(revocationKey(target)).toBe(key);
    expect(targetOf(key)).toEqual(target);
  });

  it.each(['', 'user', 'user:', 'registration:u', 'registration::a', 'tenant:t'])(
    'of nothing is %j, which a later version may write',
    (key) => {
      expect(targetOf(key)).toBeUndefined();
    },
  );
});

describe('a revocation', () => {
  const noon = Date.parse('2026-11-28T12:00:00Z');
  const second = noon / 1000;
  const before = second - 600;

  it.each([
    ['in an earlier second', 250, { at: second - 1, logInAt: before }, true],
    ['in the same second, before or after', 250, { at: second, logInAt: before }, true],
    ['in the same second, after a log-in in that second', 250, { at: second, logInAt: second }, true],
    ['in the next second, beyond the allowance', 499, { at: second + 1, logInAt: before }, false],
    [
      'in the next second, within the allowance, by the old log-in',
      500,
      { at: second + 1, logInAt: before },
      true,
    ],
    ['in the next second, within the allowance, by an unknown log-in', 500, { at: second + 1 }, true],
    [
      'in the next second, by a log-in in the second of the revocation',
      999,
      { at: second + 1, logInAt: second },
      true,
    ],
    ['in the next second, by a log-in in that second', 999, { at: second + 1, logInAt: second + 1 }, false],
    ['two seconds later, by the old log-in', 999, { at: second + 2, logInAt: before }, false],
  ])('ends a token issued %s: %i ms into the second, %j → %j', (_what, ms, issued, ends) => {
    expect(revokes(noon + ms, issued)).toBe(ends);
  });

  const issued = fc.record({ at: fc.integer({ min: 0, max: 40 }), logInAt: fc.integer({ min: 0, max: 40 }) });
  const instant = fc.integer({ min: 0, max: 40_000 });

  it('revokes everything issued at or before its instant, anywhere in its second', () => {
    fc.assert(
      fc.property(instant, instant, fc.integer({ min: 0, max: 40 }), (revokedAt, issuedAt, logInAt) => {
        fc.pre(issuedAt <= revokedAt);
        expect(revokes(revokedAt, { at: Math.floor(issuedAt / 1000), logInAt })).toBe(true);
      }),
    );
  });

  it('revokes no token of a log-in in a later second, and none that was issued in a second after the allowance', () => {
    fc.assert(
      fc.property(instant, issued, (revokedAt, { at, logInAt }) => {
        const newLogIn = logInAt > Math.floor(revokedAt / 1000) && at >= logInAt;
        const late = at > Math.floor((revokedAt + commitAllowanceMs) / 1000);
        fc.pre(newLogIn || late);
        expect(revokes(revokedAt, { at, logInAt })).toBe(false);
      }),
    );
  });

  it('revokes at a later instant everything that it revokes at an earlier one, so that only the latest must be stored', () => {
    fc.assert(
      fc.property(instant, instant, issued, (one, other, token) => {
        fc.pre(revokes(Math.min(one, other), token));
        expect(revokes(Math.max(one, other), token)).toBe(true);
      }),
    );
  });
});
