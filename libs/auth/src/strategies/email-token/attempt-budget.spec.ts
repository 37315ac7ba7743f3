import { FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { principalOf } from '../../../../../test/support/principal.js';
import { rejected, unavailable } from '../../core/failure.js';
import type { Verdict } from '../../core/strategy.js';
import { withinBudget } from './attempt-budget.js';
import { inProcessAttempts } from './login-attempts.js';

const accepted: Verdict = { ok: true, principal: principalOf() };

function world() {
  const state = { now: 0, asked: 0 };
  const memory = inProcessAttempts(() => state.now);
  const attempt = (token: string, outcome: Verdict | Error, email = 'ada') =>
    withinBudget(memory, { pair: `${email}:${token}`, loginId: email }, () => {
      state.asked += 1;
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    });
  return { state, attempt };
}

const kind = (verdict: Verdict) => (verdict.ok ? 'accepted' : verdict.failure.kind);

describe('the budget of refused log-ins', () => {
  it('lets three refusals a minute reach FusionAuth, for any token, and says how long to wait', async () => {
    const { state, attempt } = world();
    for (let guess = 0; guess < 3; guess += 1) {
      expect(kind(await attempt(`guess-${guess}`, rejected('wrong')))).toBe('rejected');
      state.now += 1_000;
    }
    await expect(attempt('guess-4', rejected('wrong'))).resolves.toMatchObject({
      failure: { kind: 'throttled', retryAfterSeconds: 57 },
    });
    expect(state.asked).toBe(3);
    state.now = 60_000;
    expect(kind(await attempt('guess-5', rejected('wrong')))).toBe('rejected');
    expect(kind(await attempt('guess-6', rejected('wrong')))).toBe('throttled');
  });

  it('counts the refusals of each login id separately', async () => {
    const { attempt } = world();
    for (const guess of ['1', '2', '3', '4']) await attempt(guess, rejected('wrong'));
    expect(kind(await attempt('token', accepted, 'bruno'))).toBe('accepted');
  });

  it('never lets guessing lock out a pair that succeeded within a day', async () => {
    const { state, attempt } = world();
    expect(kind(await attempt('true-token', accepted))).toBe('accepted');
    for (const guess of ['1', '2', '3', '4']) await attempt(guess, rejected('wrong'));
    expect(kind(await attempt('true-token', accepted))).toBe('accepted');
    state.now = 24 * 3_600_000;
    for (const guess of ['1', '2', '3']) await attempt(guess, rejected('wrong'));
    expect(kind(await attempt('true-token', accepted))).toBe('throttled');
  });

  it('counts that day from the last success, not from the first', async () => {
    const { state, attempt } = world();
    for (let hour = 0; hour <= 48; hour += 12) {
      state.now = hour * 3_600_000;
      for (const guess of ['1', '2', '3']) await attempt(`${guess} of ${hour}`, rejected('wrong'));
      if (hour === 0) state.now += 60_000;
      expect(kind(await attempt('true-token', accepted))).toBe('accepted');
    }
  });

  it('forgets a known pair once it is refused', async () => {
    const { attempt } = world();
    await attempt('old-token', accepted);
    expect(kind(await attempt('old-token', rejected('replaced')))).toBe('rejected');
    for (const guess of ['1', '2', '3']) await attempt(guess, rejected('wrong'));
    expect(kind(await attempt('old-token', rejected('replaced')))).toBe('throttled');
  });

  it('keeps a known pair that could not be checked', async () => {
    const { attempt } = world();
    await attempt('true-token', accepted);
    expect(kind(await attempt('true-token', unavailable('login')))).toBe('unavailable');
    for (const guess of ['1', '2', '3']) await attempt(guess, rejected('wrong'));
    expect(kind(await attempt('true-token', accepted))).toBe('accepted');
  });

  it('does not count log-ins that succeed', async () => {
    const { attempt } = world();
    for (let round = 0; round < 10; round += 1)
      expect(kind(await attempt(`t${round}`, accepted))).toBe('accepted');
  });

  it('still counts the refusals before a log-in that succeeds', async () => {
    const { attempt } = world();
    for (const guess of ['1', '2']) await attempt(guess, rejected('wrong'));
    expect(kind(await attempt('true-token', accepted))).toBe('accepted');
    expect(kind(await attempt('3', rejected('wrong')))).toBe('rejected');
    expect(kind(await attempt('4', rejected('wrong')))).toBe('throttled');
  });

  it('counts an attempt that FusionAuth may have seen, and not one that never reached it', async () => {
    const { attempt } = world();
    const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    const unreached = new FusionAuthUnavailable('login', { durationMs: 1, cause: refused });
    const late = new FusionAuthUnavailable('login', {
      durationMs: 800,
      cause: new DOMException('x', 'TimeoutError'),
    });
    for (let round = 0; round < 10; round += 1) await expect(attempt('t', unreached)).rejects.toBe(unreached);
    for (let round = 0; round < 3; round += 1) await expect(attempt('t', late)).rejects.toBe(late);
    expect(kind(await attempt('t', accepted))).toBe('throttled');
  });
});
