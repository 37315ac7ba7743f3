import { generateKeyPairSync } from 'node:crypto';
import { jest } from '@jest/globals';
import { createLogger } from '#gatehouse/platform';
import { type TokenMinter, tokenMinter } from '../../../../../tools/issuer/src/token-minter.js';
import { KeySource } from './key-source.js';

const log = createLogger('test', 'silent');

/** Starts a key set endpoint, with a clock and the number of fetches that it saw. */
function endpoint(...minters: TokenMinter[]) {
  const state = {
    now: 1_000_000,
    fetches: 0,
    answer: (): unknown => ({ keys: minters.map(({ jwk }) => jwk) }),
  };
  const keys = new KeySource({
    fetchKeySet: async () => {
      state.fetches += 1;
      return Promise.resolve(state.answer());
    },
    clock: () => state.now,
    log,
  });
  const serve = (...next: TokenMinter[]) => (state.answer = () => ({ keys: next.map(({ jwk }) => jwk) }));
  const fail = () =>
    (state.answer = () => {
      throw new Error('refused');
    });
  return { state, keys, serve, fail };
}

describe('the key source', () => {
  let first: TokenMinter;
  let second: TokenMinter;

  beforeAll(() => {
    [first, second] = [tokenMinter(), tokenMinter(Date.now, 'ES256')];
  });

  it('finds a key after the first fetch without asking again', async () => {
    const { keys, state } = endpoint(first, second);
    await keys.refresh();
    expect(await keys.find(first.kid)).toMatchObject({
      kind: 'found',
      key: { algorithms: ['RS256'] },
    });
    expect(await keys.find(second.kid)).toMatchObject({
      kind: 'found',
      key: { algorithms: ['ES256'] },
    });
    expect(state.fetches).toBe(1);
  });

  it('waits for a fetch in progress', async () => {
    const { keys, state } = endpoint(first);
    void keys.refresh();
    expect(await keys.find(first.kid)).toMatchObject({ kind: 'found' });
    expect(state.fetches).toBe(1);
  });

  it('fetches once for a thousand unknown key ids, and once more only after 5 seconds', async () => {
    const { keys, state } = endpoint(first);
    await keys.refresh();
    const flood = () =>
      Promise.all(Array.from({ length: 1_000 }, async (_, index) => keys.find(`no-such-key-${index}`)));
    expect(new Set((await flood()).map(({ kind }) => kind))).toEqual(new Set(['unknown']));
    state.now += 4_999;
    await flood();
    expect(state.fetches).toBe(2);
    state.now += 1;
    await flood();
    expect(state.fetches).toBe(3);
  });

  it('accepts a rotated key immediately in quiet times, and within 5 seconds under a flood', async () => {
    const { keys, state, serve } = endpoint(first);
    await keys.refresh();
    serve(first, second);
    expect(await keys.find(second.kid)).toMatchObject({ kind: 'found' });

    const flooded = endpoint(first);
    await flooded.keys.refresh();
    await flooded.keys.find('no-such-key');
    flooded.serve(first, second);
    expect(await flooded.keys.find(second.kid)).toEqual({ kind: 'unknown' });
    flooded.state.now += 5_000;
    expect(await flooded.keys.find(second.kid)).toMatchObject({ kind: 'found' });
    expect(state.fetches).toBe(2);
  });

  it('withdraws a key only after two valid answers 5 seconds apart lack it', async () => {
    const { keys, state, serve } = endpoint(first, second);
    await keys.refresh();
    serve(second);
    await keys.refresh();
    state.now += 4_999;
    await keys.refresh();
    expect(await keys.find(first.kid)).toMatchObject({ kind: 'found' });
    expect(keys.generation).toBe(0);
    state.now += 1;
    await keys.refresh();
    expect(await keys.find(first.kid)).toEqual({ kind: 'unknown' });
    expect(keys.generation).toBe(1);
  });

  it('keeps a key that comes back in between', async () => {
    const { keys, state, serve } = endpoint(first, second);
    await keys.refresh();
    serve(second);
    await keys.refresh();
    serve(first, second);
    state.now += 10_000;
    await keys.refresh();
    serve(second);
    await keys.refresh();
    expect(await keys.find(first.kid)).toMatchObject({ kind: 'found' });
  });

  it('replaces a key whose id was given to another, and invalidates verdicts by the old one', async () => {
    const impostor = tokenMinter(Date.now, 'ES256', first.kid);
    const { keys, serve } = endpoint(first);
    await keys.refresh();
    serve(impostor);
    await keys.refresh();
    expect(await keys.find(first.kid)).toMatchObject({ key: { algorithms: ['ES256'] } });
    expect(keys.generation).toBe(1);
  });

  it('uses the last valid set for an hour while the endpoint fails, and says so', async () => {
    const { keys, state, fail } = endpoint(first);
    await keys.refresh();
    fail();
    state.now += 3_599_999;
    await keys.refresh();
    expect(await keys.find(first.kid)).toMatchObject({ kind: 'found' });
    expect(keys.readiness()).toEqual({
      pending: [],
      degraded: ['the key set of FusionAuth cannot be read'],
    });
    expect(keys.generation).toBe(0);
    state.now += 1;
    expect(await keys.find(first.kid)).toEqual({ kind: 'unavailable' });
    await keys.refresh();
    expect(keys.generation).toBeGreaterThan(0);
  });

  it('says in one line that the endpoint keeps failing, in others that it is back and that a key is withdrawn', async () => {
    const lines: object[] = [];
    const answers: unknown[] = [
      undefined,
      undefined,
      { keys: [first.jwk] },
      { keys: [tokenMinter(Date.now, 'ES256', first.kid).jwk] },
      undefined,
    ];
    const keys = new KeySource({
      fetchKeySet: () => {
        const answer = answers.shift();
        return answer === undefined ? Promise.reject(new Error('refused')) : Promise.resolve(answer);
      },
      clock: () => 0,
      log: createLogger('test', 'info', {
        write: (line) => void lines.push(JSON.parse(line) as object),
      }),
    });
    for (let turn = 0; turn < 5; turn += 1) await keys.refresh();
    const err = { message: 'refused' };
    expect(lines).toMatchObject([
      { msg: 'the key set cannot be read; retrying', err },
      { msg: 'the key set can be read again', keys: 1 },
      {
        msg: 'the issuer withdrew a signing key; tokens signed with it are no longer accepted',
        kid: first.kid,
      },
      { msg: 'the key set cannot be read; the last valid one stays in use', err },
    ]);
  });

  it('calls an unknown key unavailable, not unknown, while the endpoint fails', async () => {
    const { keys, fail } = endpoint(first);
    await keys.refresh();
    fail();
    expect(await keys.find('perhaps-new')).toEqual({ kind: 'unavailable' });
  });

  it.each([
    ['an empty set', { keys: [] }],
    ['no set at all', { error: 'x' }],
    ['keys that are not a list', { keys: 'abc' }],
    ['null', null],
    ['text', 'OK'],
  ])('does not count %s as an answer', async (_what, nonsense) => {
    const { keys, state } = endpoint(first);
    await keys.refresh();
    state.answer = () => nonsense;
    state.now += 10_000;
    await keys.refresh();
    await keys.refresh();
    expect(await keys.find(first.kid)).toMatchObject({ kind: 'found' });
    expect(keys.readiness().degraded).toHaveLength(1);
  });

  it('does not use weak, symmetric, encryption or unnamed keys', async () => {
    const weak = tokenMinter(Date.now, 'weakRS256');
    const { keys, state } = endpoint(first);
    state.answer = () => ({
      keys: [
        weak.jwk,
        // cspell:ignore Vjcm
        { kty: 'oct', k: 'c2VjcmV0', kid: 'oct', alg: 'HS256' },
        { ...first.jwk, kid: 'encryption', use: 'enc' },
        { ...first.jwk, kid: undefined },
        { ...second.jwk, kid: 'mislabelled', alg: 'ES384' },
        first.jwk,
      ],
    });
    await keys.refresh();
    const found = await Promise.all(
      [weak.kid, 'oct', 'encryption', 'undefined', 'mislabelled', first.kid].map(
        async (kid) => (await keys.find(kid)).kind,
      ),
    );
    expect(found).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'found']);
  });

  it('trusts none of several keys with one id, but one key that is listed twice', async () => {
    const twin = tokenMinter(Date.now, 'RS256', first.kid);
    const { keys, serve } = endpoint(first, twin, second, second);
    await keys.refresh();
    expect(await keys.find(first.kid)).toEqual({ kind: 'unknown' });
    expect(await keys.find(second.kid)).toMatchObject({ kind: 'found' });
    serve(first, second);
    await keys.refresh();
    expect(await keys.find(first.kid)).toMatchObject({ kind: 'found' });
  });

  it('ignores entries that are not keys', async () => {
    const { keys, state } = endpoint(first);
    state.answer = () => ({ keys: [null, 7, 'x', [], {}, first.jwk] });
    await keys.refresh();
    expect(await keys.find(first.kid)).toMatchObject({ kind: 'found' });
  });

  it.each([
    ['no key', []],
    [
      'only a weak one',
      [
        {
          ...generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }),
          kid: 'weak',
          use: 'sig',
        },
      ],
    ],
  ])('says what to do about a set with %s, and refuses nobody', async (_what, set) => {
    const { keys, state } = endpoint(first);
    state.answer = () => ({ keys: set });
    await keys.refresh();
    expect(await keys.find('weak')).toEqual({ kind: 'unavailable' });
    expect(keys.readiness()).toEqual({
      pending: [expect.stringMatching(/no key that can verify a token: give the application an RS256/)],
      degraded: [],
    });
  });

  it('may contain any key until it was read, and then those that it contains', async () => {
    const { keys } = endpoint(first);
    expect(keys.mayHold(second.kid)).toBe(true);
    await keys.refresh();
    expect([keys.mayHold(first.kid), keys.mayHold(second.kid)]).toEqual([true, false]);
  });

  it('catches up without timers: at first, a minute later, and 2 seconds after a failure', async () => {
    const { keys, state, fail, serve } = endpoint(first);
    const fetches = async () => {
      await keys.catchUp();
      return state.fetches;
    };
    expect([await fetches(), await fetches()]).toEqual([1, 1]);
    state.now += 59_999;
    expect(await fetches()).toBe(1);
    fail();
    state.now += 1;
    expect([await fetches(), await fetches()]).toEqual([2, 2]);
    serve(second);
    state.now += 2_000;
    expect(await fetches()).toBe(3);
    expect(await keys.find(second.kid)).toMatchObject({ kind: 'found' });
    expect(keys.catchUp()).toBeUndefined();
  });

  it('is not ready before the first valid answer', async () => {
    const { keys, fail, serve } = endpoint();
    fail();
    await keys.refresh();
    expect(keys.readiness().pending).toHaveLength(1);
    expect(await keys.find(first.kid)).toEqual({ kind: 'unavailable' });
    serve(first);
    await keys.refresh();
    expect(keys.readiness()).toEqual({ pending: [], degraded: [] });
  });

  describe('by schedule', () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());

    it('fetches once a minute in quiet times, until it is closed', async () => {
      const { keys, state } = endpoint(first);
      await keys.start();
      await jest.advanceTimersByTimeAsync(59_999);
      expect(state.fetches).toBe(1);
      await jest.advanceTimersByTimeAsync(1);
      expect(state.fetches).toBe(2);
      keys.close();
      await jest.advanceTimersByTimeAsync(600_000);
      expect(state.fetches).toBe(2);
    });

    it('sets no timer before it is started', async () => {
      await endpoint(first).keys.refresh();
      expect(jest.getTimerCount()).toBe(0);
    });

    it('fetches every two seconds while the endpoint fails', async () => {
      const { keys, state, fail } = endpoint(first);
      fail();
      await keys.start();
      await jest.advanceTimersByTimeAsync(6_000);
      expect(state.fetches).toBe(4);
      keys.close();
    });

    it('fetches again in five seconds when a key is missing, so that it is gone by then, and a minute later', async () => {
      const { keys, state, serve } = endpoint(first, second);
      await keys.start();
      serve(second);
      await jest.advanceTimersByTimeAsync(60_000);
      state.now += 65_000;
      await jest.advanceTimersByTimeAsync(5_000);
      expect([state.fetches, keys.generation]).toEqual([3, 1]);
      await jest.advanceTimersByTimeAsync(59_999);
      expect(state.fetches).toBe(3);
      keys.close();
    });

    it('fetches twelve times a minute, and no more, under a flood of unknown key ids', async () => {
      const { keys, state } = endpoint(first);
      await keys.start();
      state.fetches = 0;
      for (let second = 0; second < 120; second += 1) {
        await keys.find(`unknown-${second}`);
        state.now += 1_000;
        await jest.advanceTimersByTimeAsync(1_000);
      }
      expect(state.fetches).toBe(24);
      keys.close();
    });

    it('fetches immediately when a change is announced, and again after five seconds, when it is committed', async () => {
      const { keys, state, serve } = endpoint(first);
      await keys.start();
      keys.announced();
      await jest.advanceTimersByTimeAsync(0);
      expect(state.fetches).toBe(2);
      serve(second);
      await jest.advanceTimersByTimeAsync(5_000);
      expect(state.fetches).toBe(3);
      expect(keys.mayHold(second.kid)).toBe(true);
      await jest.advanceTimersByTimeAsync(4_999);
      expect(state.fetches).toBe(3);
      keys.close();
    });

    it('fetches five seconds after a fetch during which a change is announced', async () => {
      const { keys, state } = endpoint(first);
      const started = keys.start();
      keys.announced();
      await started;
      await jest.advanceTimersByTimeAsync(5_000);
      expect(state.fetches).toBe(2);
      keys.close();
    });

    it('fetches five seconds after the last of two announcements', async () => {
      const { keys, state } = endpoint(first);
      await keys.start();
      keys.announced();
      await jest.advanceTimersByTimeAsync(4_000);
      keys.announced();
      await jest.advanceTimersByTimeAsync(4_999);
      expect(state.fetches).toBe(2);
      await jest.advanceTimersByTimeAsync(1);
      expect(state.fetches).toBe(3);
      keys.close();
    });

    it('fetches once in five seconds, even when many changes are announced', async () => {
      const { keys, state } = endpoint(first);
      await keys.start();
      state.fetches = 0;
      for (let second = 0; second < 60; second += 1) {
        for (let count = 0; count < 10; count += 1) keys.announced();
        state.now += 1_000;
        await jest.advanceTimersByTimeAsync(1_000);
      }
      expect(state.fetches).toBe(12);
      keys.close();
    });

    it('starts nothing after it was closed, not even at the end of a running fetch', async () => {
      const { keys, state } = endpoint(first);
      const started = keys.start();
      keys.close();
      await started;
      await jest.advanceTimersByTimeAsync(600_000);
      expect(state.fetches).toBe(1);
    });
  });
});
