import { principalOf } from '../../../../test/support/principal.js';
import { forbidden, rejected, throttled, unavailable } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';
import { negativeCache } from './negative-cache.js';

function world(answer: Verdict, limit = 10) {
  const state = { now: 0, calls: 0, answer };
  const check = negativeCache<string>(
    () => {
      state.calls += 1;
      return Promise.resolve(state.answer);
    },
    { clock: () => state.now, limit, trustMs: 5_000 },
  );
  return { state, check: (text: string) => check(text, { id: text, address: '192.0.2.1', known: false }) };
}

describe('the negative cache', () => {
  it.each([rejected('x'), forbidden('x', { code: 'over_privileged_key' })])(
    'asks once about a credential that gets %j, until its time is over (OA-5)',
    async (refusal) => {
      const { state, check } = world(refusal);
      expect(await check('a')).toBe(refusal);
      state.now = 4_999;
      expect(await check('a')).toBe(refusal);
      expect(state.calls).toBe(1);
      state.now = 5_000;
      await check('a');
      expect(state.calls).toBe(2);
    },
  );

  it.each([unavailable('x'), throttled(1)])('does not cache %j', async (verdict) => {
    const { state, check } = world(verdict);
    await check('a');
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('remembers no acceptance', async () => {
    const { state, check } = world({ ok: true, principal: principalOf() });
    await check('a');
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('is bounded: a flood forgets the oldest refusals (OA-5)', async () => {
    const { state, check } = world(rejected('x'), 2);
    for (const text of ['a', 'b', 'c', 'a']) await check(text);
    expect(state.calls).toBe(4);
  });
});
