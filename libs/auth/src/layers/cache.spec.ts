import { principalOf } from '../../../../test/support/principal.js';
import type { Caller } from '../core/authenticator.js';
import { rejected, throttled, unavailable } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';
import { cache, cacheKey, type CacheSettings } from './cache.js';

const accepted = (expiresAt?: number): Verdict => ({
  ok: true,
  principal: principalOf(),
  ...(expiresAt === undefined ? {} : { expiresAt }),
});

function world(
  answer: () => Verdict | Promise<Verdict>,
  settings: Partial<CacheSettings> = {},
  callers: Caller[] = [],
) {
  const state = { now: 0, calls: 0, generation: 0, answer };
  const check = cache<string>(
    async (_credential, caller) => {
      state.calls += 1;
      callers.push(caller);
      return state.answer();
    },
    {
      clock: () => state.now,
      limit: 10,
      generation: () => state.generation,
      ...settings,
    },
  );
  return { state, check: (text: string) => check(text, { id: text, address: '192.0.2.1', known: false }) };
}

describe('the cache', () => {
  it('verifies once until the verdict expires, to the millisecond (OA-5)', async () => {
    const { state, check } = world(() => accepted(10_000));
    await check('a');
    state.now = 9_999;
    await check('a');
    expect(state.calls).toBe(1);
    state.now = 10_000;
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('does not extend the cache time when an entry is used (OA-5)', async () => {
    const { state, check } = world(() => accepted(), { trustMs: 5_000 });
    for (state.now = 0; state.now < 5_000; state.now += 1_000) await check('a');
    expect(state.calls).toBe(1);
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('starts the cache time when FusionAuth is asked, not when it answers', async () => {
    const { state, check } = world(
      () => {
        state.now += 800;
        return accepted();
      },
      { trustMs: 5_000 },
    );
    await check('a');
    state.now = 5_000;
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('does not cache an acceptance that has no expiry', async () => {
    const { state, check } = world(() => accepted());
    await check('a');
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('caches nothing if the cache time is zero', async () => {
    const { state, check } = world(() => accepted(10_000), { trustMs: 0 });
    await check('a');
    await check('a');
    expect(state.calls).toBe(2);
  });

  it.each([rejected('x'), unavailable('x')])('does not cache %j', async (verdict) => {
    const { state, check } = world(() => verdict);
    await check('a');
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('drops every entry when the generation changes, even one that was being verified meanwhile', async () => {
    const { state, check } = world(() => {
      state.generation += 1;
      return accepted(10_000);
    });
    await check('a');
    await check('a');
    expect(state.calls).toBe(2);
  });

  it('evicts the least recently used entry beyond its limit', async () => {
    const { state, check } = world(() => accepted(10_000), { limit: 2 });
    for (const text of ['a', 'b', 'a', 'c', 'a']) await check(text);
    expect(state.calls).toBe(3);
    await check('b');
    expect(state.calls).toBe(4);
  });

  it('marks a credential as known for the inner layers, until it is refused or its key is withdrawn', async () => {
    const callers: Caller[] = [];
    const { state, check } = world(() => accepted(), { trustMs: 0 }, callers);
    await check('a');
    await check('a');
    state.answer = () => rejected('x');
    await check('a');
    state.answer = () => accepted();
    await check('a');
    state.generation += 1;
    await check('a');
    expect(callers.map(({ known }) => known)).toEqual([false, true, true, false, false]);
  });
});

describe('grace through an outage', () => {
  const times = { trustMs: 5_000, graceMs: 60_000 };
  const outage = unavailable('x');

  it('covers an accepted credential while FusionAuth is silent, for the grace period after the cache time and no longer', async () => {
    let graces = 0;
    const { state, check } = world(() => accepted(), { ...times, onGrace: () => (graces += 1) });
    await check('a');
    state.answer = () => outage;
    for (const now of [5_000, 40_000, 64_999]) {
      state.now = now;
      expect(await check('a')).toEqual(accepted());
    }
    state.now = 65_000;
    expect(await check('a')).toBe(outage);
    expect(graces).toBe(3);
    expect(await check('never-seen')).toBe(outage);
  });

  it('starts when FusionAuth was last asked, not at the last use', async () => {
    const { state, check } = world(() => accepted(), times);
    await check('a');
    state.answer = () => outage;
    for (state.now = 5_000; state.now < 65_000; state.now += 5_000) await check('a');
    expect(await check('a')).toBe(outage);
  });

  it('never extends past the credential’s own expiry', async () => {
    const { state, check } = world(() => accepted(20_000), times);
    await check('a');
    state.answer = () => outage;
    state.now = 19_999;
    expect(await check('a')).toEqual(accepted(20_000));
    state.now = 20_000;
    expect(await check('a')).toBe(outage);
  });

  it('is not granted after a refusal, even one that another caller got meanwhile', async () => {
    const { state, check } = world(() => accepted(), times);
    await check('a');
    state.now = 5_000;
    let answerLate: (verdict: Verdict) => void = () => undefined;
    state.answer = () => new Promise((resolve) => (answerLate = resolve));
    const late = check('a');
    state.answer = () => rejected('revoked');
    await check('a');
    answerLate(outage);
    expect(await late).toBe(outage);
    state.answer = () => outage;
    expect(await check('a')).toBe(outage);
  });

  it.each([
    ['our own bulkhead is full', unavailable('x', { blame: 'overload' })],
    ['FusionAuth refuses our own key', unavailable('x', { blame: 'own-credentials' })],
    ['something of ours breaks', unavailable('x', { blame: 'ourselves' })],
    ['the caller is throttled', throttled(1)],
  ])('is not granted when %s, but stays available', async (_why, verdict) => {
    const { state, check } = world(() => accepted(), times);
    await check('a');
    state.now = 5_000;
    state.answer = () => verdict;
    expect(await check('a')).toBe(verdict);
    state.answer = () => outage;
    expect(await check('a')).toEqual(accepted());
  });

  it('is not granted if its length is zero, or for a credential of a withdrawn key', async () => {
    const none = world(() => accepted(), { ...times, graceMs: 0 });
    const withdrawn = world(() => accepted(), times);
    for (const { state, check } of [none, withdrawn]) {
      await check('a');
      state.now = 5_000;
      state.generation += 1;
      state.answer = () => outage;
      expect(await check('a')).toBe(outage);
    }
  });
});

describe('a cache key', () => {
  const token = 'header.claims.signature';

  it('is the same for the same credential of the same strategy, and does not reveal it (JWT-15)', () => {
    const key = cacheKey('jwt', token);
    expect(cacheKey('jwt', token)).toBe(key);
    expect(key).toMatch(/^[\w+/]{43}=$/);
    expect(Buffer.from(key, 'base64').toString('latin1')).not.toContain('claims');
  });

  it('distinguishes strategies and credentials, no matter where one ends and the other begins', () => {
    const keys = [
      cacheKey('jwt', 'a'),
      // cspell:ignore jwta
      cacheKey('jwta', ''),
      cacheKey('api-key', 'a'),
      cacheKey('jwt', 'A'),
      cacheKey('jwt1:a', ''),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
