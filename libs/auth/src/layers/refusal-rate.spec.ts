import { principalOf } from '../../../../test/support/principal.js';
import { rejected } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';
import { refusalRate } from './refusal-rate.js';

const accepted: Verdict = {
  ok: true,
  principal: principalOf(),
};

function world() {
  const state = { now: 1_000_000, calls: 0, answer: Promise.resolve<Verdict>(rejected('x')) };
  const check = refusalRate<string>(
    () => {
      state.calls += 1;
      return state.answer;
    },
    { clock: () => state.now },
  );
  let address = 0;
  const ask = async (known = false) => check('any', { id: 'c', address: `192.0.2.${(address += 1)}`, known });
  const times = (count: number) => Promise.all(Array.from({ length: count }, () => ask()));
  return { state, ask, times };
}

describe('the rate of refusals', () => {
  it('asks about twenty unknown credentials a second when all are refused, from any number of addresses', async () => {
    const { state, ask, times } = world();
    const verdicts = await times(1_000);
    expect(verdicts.filter((verdict) => !verdict.ok && verdict.failure.kind === 'throttled')).toHaveLength(
      980,
    );
    expect(state.calls).toBe(20);
    state.now += 999;
    expect(await ask()).toMatchObject({ failure: { kind: 'throttled', retryAfterSeconds: 1 } });
    state.now += 1;
    await times(1_000);
    expect(state.calls).toBe(40);
  });

  it('does not delay unknown credentials that turn out to be valid', async () => {
    const { state, times } = world();
    state.answer = Promise.resolve(accepted);
    for (let wave = 0; wave < 50; wave += 1) await times(16);
    expect(state.calls).toBe(800);
  });

  it('lets known credentials pass through a flood, and counts a question that breaks as ended', async () => {
    const { state, ask, times } = world();
    await times(100);
    expect(await ask(true)).toEqual(rejected('x'));
    state.now += 1_000;
    state.answer = Promise.reject(new Error('broken'));
    await Promise.allSettled(Array.from({ length: 100 }, () => ask()));
    state.answer = Promise.resolve(accepted);
    expect(await ask()).toBe(accepted);
  });
});
