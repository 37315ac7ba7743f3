import { Writable } from 'node:stream';
import { createLogger } from '#gatehouse/platform';
import { rejected, throttled, unavailable } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';
import { sentences, watchCondition } from './condition.js';

function world() {
  const lines: { level: string; event: string; trouble?: string; msg: string }[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()));
      done();
    },
  });
  const state = { now: 0, answer: rejected('x') as Verdict };
  const { check, trouble } = watchCondition<string>(() => Promise.resolve(state.answer), {
    clock: () => state.now,
    log: createLogger('test', 'info', sink),
    name: 'test',
  });
  const see = async (answer: Verdict) => {
    state.answer = answer;
    await check('any', { id: 'c', address: '192.0.2.1', known: false });
    return trouble();
  };
  return { state, lines, trouble, see };
}

const silent = unavailable('x');
const refusesUs = unavailable('x', { blame: 'own-credentials' });

describe('the condition of FusionAuth', () => {
  it('is what became of the last question', async () => {
    const { see } = world();
    expect(await see(silent)).toBe('silent');
    expect(await see(refusesUs)).toBe('refuses-us');
    expect(await see(rejected('x'))).toBeUndefined();
  });

  it.each([throttled(1), unavailable('x', { blame: 'overload' }), unavailable('x', { blame: 'ourselves' })])(
    'does not change by %j, for nobody was asked',
    async (verdict) => {
      const { see } = world();
      await see(silent);
      expect(await see(verdict)).toBe('silent');
    },
  );

  it('is forgotten after a minute in which nobody asked', async () => {
    const { state, see, trouble } = world();
    state.now = 100_000;
    await see(silent);
    state.now = 159_999;
    expect(trouble()).toBe('silent');
    state.now = 160_000;
    expect(trouble()).toBeUndefined();
  });

  it('is logged when trouble begins, changes and ends, and not at every request', async () => {
    const { see, lines } = world();
    for (const answer of [silent, silent, silent, refusesUs, rejected('x'), rejected('x')]) await see(answer);
    expect(lines.map(({ level, event, trouble, msg }) => [level, event, trouble, msg])).toEqual([
      ['error', 'trouble', 'silent', sentences.silent],
      ['error', 'trouble', 'refuses-us', sentences['refuses-us']],
      ['info', 'recovered', 'refuses-us', 'FusionAuth answers again'],
    ]);
  });
});
