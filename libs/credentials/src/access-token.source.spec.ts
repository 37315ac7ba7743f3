import { createLogger } from '#gatehouse/platform';
import { AccessTokenSource } from './access-token.source.js';
import { CredentialFailure } from './credential-failure.js';
import { rotating } from './jwt.definition.js';
import type { RefreshTokenStore } from './source.js';
import type { Tokens } from './token-endpoint.js';

const hour = 3_600_000;
const never = new AbortController().signal;

/** A source whose authorization server, token store and clock are plain values of the test. */
function world() {
  const state = {
    now: 1_000_000,
    stored: 'refresh-1',
    refreshes: 0,
    spent: [] as string[],
    full: false,
    events: [] as string[],
    answer: (turn: number): Promise<Tokens> =>
      Promise.resolve({
        accessToken: `access-${turn}`,
        refreshToken: `refresh-${turn + 1}`,
        expiresInSeconds: 3600,
      }),
  };
  const store: RefreshTokenStore = {
    check: () => Promise.resolve(),
    async rotate(spend) {
      const { successor, value } = await spend(state.stored);
      if (state.full) throw new Error('no space left');
      state.stored = successor ?? state.stored;
      state.events.push(`stored ${state.stored}`);
      return value;
    },
  };
  const source = new AccessTokenSource({
    obtain: rotating(
      store,
      (token) => {
        state.spent.push(token);
        return state.answer(++state.refreshes);
      },
      () => void state.events.push('token write done'),
    ),
    clock: () => state.now,
    log: createLogger('test', 'silent'),
  });
  const bearer = async () => (await source.authorization(never)).get('authorization');
  return { state, source, bearer };
}

const unavailable = () => Promise.reject(new CredentialFailure('unavailable', 'no answer'));

describe('the jwt source', () => {
  it('presents the access token as a bearer token and stores the successor before that', async () => {
    const { state, bearer } = world();

    expect(await bearer()).toBe('Bearer access-1');
    expect(state.events).toEqual(['stored refresh-2', 'token write done']);
  });

  it('passes on what its check finds', async () => {
    const parts = {
      clock: () => 0,
      log: createLogger('test', 'silent'),
      obtain: () => Promise.reject(new Error()),
    };
    const unusable = new Error('does not exist');
    const source = new AccessTokenSource({ ...parts, check: () => Promise.reject(unusable) });

    await expect(source.check()).rejects.toBe(unusable);
    await expect(new AccessTokenSource(parts).check()).resolves.toBeUndefined();
  });

  it('refreshes once for all simultaneous callers', async () => {
    const { state, bearer } = world();

    const answers = await Promise.all(Array.from({ length: 50 }, bearer));

    expect(new Set(answers)).toEqual(new Set(['Bearer access-1']));
    expect(state.refreshes).toBe(1);
  });

  it('refreshes between 75 and 85 % of the life of the access token', async () => {
    const { state, bearer } = world();
    await bearer();

    state.now += 0.74 * hour;
    expect(await bearer()).toBe('Bearer access-1');
    state.now += 0.12 * hour;
    expect(await bearer()).toBe('Bearer access-2');
  });

  it('does not present an invalidated access token again', async () => {
    const { bearer, source } = world();
    await bearer();

    source.invalidate();

    expect(await bearer()).toBe('Bearer access-2');
  });

  it('uses the current access token while an early refresh gets no answer, and retries after 30 s', async () => {
    const { state, bearer } = world();
    await bearer();
    state.answer = unavailable;

    state.now += 0.9 * hour;
    expect(await bearer()).toBe('Bearer access-1');
    expect(await bearer()).toBe('Bearer access-1');
    expect(state.refreshes).toBe(2);
    state.now += 30_000;
    expect(await bearer()).toBe('Bearer access-1');
    expect(state.refreshes).toBe(3);
  });

  it('is unavailable, not refused, once the access token has expired and no answer comes', async () => {
    const { state, bearer } = world();
    await bearer();
    state.answer = unavailable;

    state.now += hour;

    await expect(bearer()).rejects.toMatchObject({ kind: 'unavailable', exitCode: 4 });
    expect(state.stored).toBe('refresh-2');
  });

  it('does not use an access token after its refresh token was refused', async () => {
    const { state, bearer } = world();
    await bearer();
    state.answer = () => Promise.reject(new CredentialFailure('refused', 'revoked'));

    state.now += 0.9 * hour;

    await expect(bearer()).rejects.toMatchObject({ kind: 'refused', exitCode: 3 });
  });

  it('recovers by itself after a failed refresh', async () => {
    const { state, bearer } = world();
    const good = state.answer;
    state.answer = unavailable;
    await expect(bearer()).rejects.toThrow('no answer');

    state.answer = good;

    expect(await bearer()).toBe('Bearer access-2');
  });

  it('remembers a successor that could not be stored, and stores it before it uses it', async () => {
    const { state, bearer } = world();
    state.full = true;
    await expect(bearer()).rejects.toThrow('no space left');
    await expect(bearer()).rejects.toThrow('no space left');

    state.full = false;

    expect(await bearer()).toBe('Bearer access-2');
    expect(state.spent).toEqual(['refresh-1', 'refresh-2']);
    expect(state.events[0]).toBe('stored refresh-2');
  });

  it('uses a token that was stored in the meantime rather than the one that could not be stored', async () => {
    const { state, bearer } = world();
    state.full = true;
    await expect(bearer()).rejects.toThrow('no space left');

    Object.assign(state, { full: false, stored: 'newly configured' });
    await bearer();

    expect(state.spent).toEqual(['refresh-1', 'newly configured']);
  });

  it('closes only after a refresh in progress has stored its successor', async () => {
    const { state, source } = world();
    const { promise, resolve } = Promise.withResolvers<Tokens>();
    state.answer = () => promise;
    const stopping = new AbortController();
    const asking = source.authorization(stopping.signal).catch(() => 'given up');
    await Promise.resolve();
    stopping.abort();
    expect(await asking).toBe('given up');

    const closed = source.close();
    resolve({ accessToken: 'late', refreshToken: 'refresh-late', expiresInSeconds: 3600 });
    await closed;

    expect(state.stored).toBe('refresh-late');
  });

  it('ends only the wait of the caller that aborts', async () => {
    const { state, source, bearer } = world();
    const { promise, resolve } = Promise.withResolvers<Tokens>();
    state.answer = () => promise;
    const hurried = new AbortController();

    const first = source.authorization(hurried.signal);
    const second = bearer();
    hurried.abort(new Error('in a hurry'));
    await expect(first).rejects.toThrow('in a hurry');
    resolve({ accessToken: 'late', expiresInSeconds: 3600 });

    expect(await second).toBe('Bearer late');
    expect(state.refreshes).toBe(1);
  });

  it('does not refresh for a caller that has aborted, and works for the next', async () => {
    const { state, source, bearer } = world();
    const gaveUp = AbortSignal.abort(new Error('gave up'));

    await expect(source.authorization(gaveUp)).rejects.toThrow('gave up');
    expect(state.refreshes).toBe(0);
    expect(await bearer()).toBe('Bearer access-1');
    await expect(source.authorization(gaveUp)).rejects.toThrow('gave up');
  });

  it('does not use a token that was invalidated during its early refresh', async () => {
    const { state, source, bearer } = world();
    await bearer();
    state.now += 0.9 * hour;
    const { promise, reject } = Promise.withResolvers<Tokens>();
    state.answer = () => promise;

    const waiting = bearer();
    source.invalidate();
    reject(new CredentialFailure('unavailable', 'no answer'));

    await expect(waiting).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('assumes a lifetime of a minute if the server does not state one', async () => {
    const { state, bearer } = world();
    state.answer = (turn) => Promise.resolve({ accessToken: `access-${turn}` });
    await bearer();

    state.now += 0.74 * 60_000;
    expect(await bearer()).toBe('Bearer access-1');
    state.now += 0.12 * 60_000;
    expect(await bearer()).toBe('Bearer access-2');
    state.answer = unavailable;
    state.now += 60_000;
    await expect(bearer()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('counts the lifetime of a token from the request, not from the answer', async () => {
    const { state, bearer } = world();
    const good = state.answer;
    state.answer = (turn) => {
      state.now += 0.5 * hour;
      return good(turn);
    };
    await bearer();
    state.answer = unavailable;

    state.now += 0.5 * hour;

    await expect(bearer()).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
