import { forbidden, rejected, unavailable } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';
import { networkOf, throttle } from './throttle.js';

function world(perMinute = 3) {
  const state = { now: 0, calls: 0, answer: rejected('x') as Verdict };
  const check = throttle<string>(
    () => {
      state.calls += 1;
      return Promise.resolve(state.answer);
    },
    { clock: () => state.now, perMinute },
  );
  return { state, from: (address: string, known = false) => check('any', { id: 'c', address, known }) };
}

describe('the throttle of refused attempts', () => {
  it('stops asking for an address once its refusals of the last minute are used up, and says how long', async () => {
    const { state, from } = world();
    for (state.now = 0; state.now < 30_000; state.now += 10_000) await from('192.0.2.1');
    expect(await from('192.0.2.1')).toMatchObject({
      failure: { kind: 'throttled', what: 'attempts', retryAfterSeconds: 30 },
    });
    expect(state.calls).toBe(3);
    state.now = 59_999;
    expect(await from('192.0.2.1')).toMatchObject({ failure: { retryAfterSeconds: 1 } });
    state.now = 60_000;
    expect(await from('192.0.2.1')).toEqual(rejected('x'));
    expect(await from('192.0.2.1')).toMatchObject({ failure: { kind: 'throttled', retryAfterSeconds: 10 } });
  });

  it('counts each address by itself', async () => {
    const { state, from } = world(1);
    await from('192.0.2.1');
    expect(await from('192.0.2.2')).toEqual(rejected('x'));
    expect(state.calls).toBe(2);
  });

  it('counts the refusals of known credentials too', async () => {
    const { state, from } = world(1);
    await from('192.0.2.1');
    state.now = 30_000;
    await from('192.0.2.1', true);
    state.now = 60_000;
    expect(await from('192.0.2.1')).toMatchObject({ failure: { kind: 'throttled', retryAfterSeconds: 30 } });
  });

  it('lets a credential pass that was accepted before, even if a guesser shares its address', async () => {
    const { from } = world(1);
    await from('192.0.2.1');
    expect(await from('192.0.2.1', true)).toEqual(rejected('x'));
  });

  it.each<[string, Verdict, number]>([
    ['counts a key that opens too much', forbidden('over-privileged'), 1],
    ['does not count what could not be checked', unavailable('x'), 5],
  ])('%s', async (_what, answer, calls) => {
    const { state, from } = world(1);
    state.answer = answer;
    for (let turn = 0; turn < 5; turn += 1) await from('192.0.2.1');
    expect(state.calls).toBe(calls);
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::3:4:5:6:7', '2001:db8:0:3::/64'],
    ['1::', '1:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
