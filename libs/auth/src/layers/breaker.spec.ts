import { principalOf } from '../../../../test/support/principal.js';
import { rejected, throttled, unavailable } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';
import { breaker } from './breaker.js';

function world() {
  const state = { now: 0, calls: 0, answer: unavailable('x') as Verdict };
  const check = breaker<string>(
    async () => {
      state.calls += 1;
      return state.answer;
    },
    { clock: () => state.now, name: 'test' },
  );
  return { state, check: async (credential: string) => check(credential, stranger) };
}

const stranger = { id: 'c', address: '192.0.2.1', known: false };
const accepted: Verdict = {
  ok: true,
  principal: principalOf(),
};
/** Returns the number of calls when `answer` comes between four failures before and after it. */
async function callsAround(answer: Verdict): Promise<number> {
  const { state, check } = world();
  await times(4, () => check('a'));
  state.answer = answer;
  await check('a');
  state.answer = unavailable('x');
  await times(4, () => check('a'));
  return state.calls;
}
const times = async (count: number, act: () => Promise<unknown>) => {
  for (let done = 0; done < count; done += 1) await act();
};

describe('the breaker', () => {
  it('stops asking after five failures in a row and answers unavailable', async () => {
    const { state, check } = world();
    await times(100, () => check('a'));
    expect(state.calls).toBe(5);
    await expect(check('a')).resolves.toMatchObject({
      failure: { kind: 'unavailable', operation: 'test breaker' },
    });
  });

  it('lets one request try after a second, and closes when it succeeds', async () => {
    const { state, check } = world();
    await times(5, () => check('a'));
    state.now = 1_000;
    await Promise.all([check('a'), check('b'), check('c')]);
    expect(state.calls).toBe(6);
    state.answer = rejected('no');
    state.now = 2_000;
    await check('a');
    await times(10, () => check('a'));
    expect(state.calls).toBe(17);
  });

  it('leaves the trial to the next caller when the first one never reached FusionAuth', async () => {
    const { state, check } = world();
    await times(5, () => check('a'));
    state.now = 1_000;
    state.answer = throttled(1);
    await check('a');
    state.answer = accepted;
    await expect(check('b')).resolves.toBe(accepted);
  });

  it.each<[string, Verdict]>([
    ['a refused credential', rejected('x')],
    ['our own key being refused', unavailable('x', { blame: 'own-credentials' })],
    ['a fault of ours', unavailable('x', { blame: 'ourselves' })],
  ])('is not opened by %s', async (_what, answer) => {
    const { state, check } = world();
    state.answer = answer;
    await times(50, () => check('a'));
    expect(state.calls).toBe(50);
  });

  it.each<[string, Verdict]>([
    ['a caller over its budget', throttled(1)],
    ['our own queue being full', unavailable('x', { blame: 'overload' })],
    ['a fault of ours', unavailable('x', { blame: 'ourselves' })],
  ])('learns nothing from %s, because FusionAuth was not called', async (_what, answer) => {
    expect(await callsAround(answer)).toBe(6);
  });

  it.each<[string, Verdict]>([
    ['an acceptance', accepted],
    ['a refusal', rejected('x')],
    ['its refusal of our own key', unavailable('x', { blame: 'own-credentials' })],
  ])('forgets failures when FusionAuth answers in between: %s', async (_what, answer) => {
    expect(await callsAround(answer)).toBe(9);
  });
});
