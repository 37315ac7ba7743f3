import { Writable } from 'node:stream';
import { createLogger } from '#gatehouse/platform';
import { principalOf } from '../../../../test/support/principal.js';
import { rejected, throttled, unavailable } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';
import { problemTexts, watchHealth } from './health.js';

function world() {
  const lines: { level: string; event: string; trouble?: string; msg: string }[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()));
      done();
    },
  });
  const state = { now: 0, answer: rejected('x') as Verdict };
  const { check, problem } = watchHealth<string>(() => Promise.resolve(state.answer), {
    clock: () => state.now,
    log: createLogger('test', 'info', sink),
    name: 'test',
  });
  const judge = async (answer: Verdict) => {
    state.answer = answer;
    await check('any', { id: 'c', address: '192.0.2.1', known: false });
    return problem();
  };
  return { state, lines, problem, judge };
}

const silent = unavailable('x');
const refusesUs = unavailable('x', { blame: 'own-credentials' });

describe('the health of FusionAuth', () => {
  it('is the outcome of the last call', async () => {
    const { judge } = world();
    expect(await judge(silent)).toBe('silent');
    expect(await judge(refusesUs)).toBe('refuses-us');
    expect(await judge(rejected('x'))).toBeUndefined();
    await judge(silent);
    expect(await judge({ ok: true, principal: principalOf() })).toBeUndefined();
  });

  it.each([throttled(1), unavailable('x', { blame: 'overload' }), unavailable('x', { blame: 'ourselves' })])(
    'does not change by %j, because FusionAuth was not called',
    async (verdict) => {
      const { judge } = world();
      await judge(silent);
      expect(await judge(verdict)).toBe('silent');
    },
  );

  it('is forgotten after a minute without a call', async () => {
    const { state, judge, problem } = world();
    state.now = 100_000;
    await judge(silent);
    state.now = 159_999;
    expect(problem()).toBe('silent');
    state.now = 160_000;
    expect(problem()).toBeUndefined();
  });

  it('is logged when trouble begins, changes and ends, and not at every request', async () => {
    const { judge, lines } = world();
    for (const answer of [silent, silent, silent, refusesUs, rejected('x'), rejected('x')])
      await judge(answer);
    expect(lines.map(({ level, event, trouble, msg }) => [level, event, trouble, msg])).toEqual([
      ['error', 'trouble', 'silent', problemTexts.silent],
      ['error', 'trouble', 'refuses-us', problemTexts['refuses-us']],
      ['info', 'recovered', 'refuses-us', 'FusionAuth answers again'],
    ]);
  });
});
