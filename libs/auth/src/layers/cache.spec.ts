import { rejected, unavailable } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';
import { cache } from './cache.js';

const accepted = (goodUntil?: number): Verdict => ({
  ok: true,
  principal: { subject: 's', issuer: 'i', kind: 'user', via: 'test', roles: [], credentialId: 'c' },
  ...(goodUntil === undefined ? {} : { goodUntil }),
});

function world(
  answer: () => Verdict | Promise<Verdict>,
  settings: { trustMilliseconds?: number; limit?: number } = {},
) {
  const state = { now: 0, calls: 0, generation: 0 };
  const check = cache<string>(
    async () => {
      state.calls += 1;
      return answer();
    },
    {
      clock: () => state.now,
      key: (text) => text,
      limit: 10,
      generation: () => state.generation,
      ...settings,
    },
  );
  return { state, check };
}

describe('the cache', () => {
  it('verifies once until the verdict is no longer good, to the millisecond', async () => {
    const { state, check } = world(() => accepted(10_000));
    await check('a');
    state.now = 9_999;
    await check('a');
    expect(state.calls).toBe(1);
    state.now = 10_000;
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('keeps trust absolute: use does not extend it', async () => {
    const { state, check } = world(() => accepted(), { trustMilliseconds: 5_000 });
    for (state.now = 0; state.now < 5_000; state.now += 1_000) await check('a');
    expect(state.calls).toBe(1);
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('counts trust from when it asked, not from when it was answered', async () => {
    const { state, check } = world(
      () => {
        state.now += 800;
        return accepted();
      },
      { trustMilliseconds: 5_000 },
    );
    await check('a');
    state.now = 5_000;
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('trusts nothing for a trust time of zero', async () => {
    const { state, check } = world(() => accepted(10_000), { trustMilliseconds: 0 });
    await check('a');
    await check('a');
    expect(state.calls).toBe(2);
  });

  it.each([rejected('x'), unavailable('x')])('does not remember %j', async (verdict) => {
    const { state, check } = world(() => verdict);
    await check('a');
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('forgets everything when the generation changes, even what was being verified meanwhile', async () => {
    const { state, check } = world(() => {
      state.generation += 1;
      return accepted(10_000);
    });
    await check('a');
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('forgets the least recently used beyond its limit', async () => {
    const { state, check } = world(() => accepted(10_000), { limit: 2 });
    for (const text of ['a', 'b', 'a', 'c', 'a']) await check(text);
    expect(state.calls).toBe(3);
    await check('b');
    expect(state.calls).toBe(4);
  });
});
