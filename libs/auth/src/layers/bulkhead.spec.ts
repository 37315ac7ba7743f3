import { jest } from '@jest/globals';
import { rejected } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';
import { bulkhead } from './bulkhead.js';

/** Creates a bulkhead around verifications that stay pending until `end` is called. */
function world(maxWaitMs = 60_000) {
  const running: ((verdict: Verdict) => void)[] = [];
  const check = bulkhead<string>(() => new Promise<Verdict>((resolve) => running.push(resolve)), {
    name: 'test',
    maxWaitMs,
  });
  const ask = async (known: boolean) => check('any', { id: 'c', address: '192.0.2.1', known });
  const end = () => running.splice(0).forEach((resolve) => resolve(rejected('x')));
  return { running, ask, end };
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
const turn = () => new Promise((resolve) => setImmediate(resolve));
const overload = {
  failure: {
    kind: 'unavailable',
    operation: 'test bulkhead: unknown credentials',
    blame: 'overload',
    retryAfterSeconds: 1,
  },
};

describe('the bulkhead', () => {
  it('verifies sixteen unknown credentials at a time, and known ones besides', async () => {
    const { running, ask, end } = world();
    const strangers = times(100, () => ask(false));
    await turn();
    expect(running).toHaveLength(16);
    const known = times(48, () => ask(true));
    await turn();
    expect(running).toHaveLength(64);
    for (let wave = 0; wave < 10; wave += 1) {
      end();
      await turn();
    }
    const verdicts = await Promise.all([...strangers, ...known]);
    expect(verdicts).toEqual(times(148, () => rejected('x')));
  });

  it('turns callers away immediately when the queue is full', async () => {
    const { ask, end, running } = world();
    const all = times(16 + 16 * 8, () => ask(false));
    expect(await ask(false)).toMatchObject(overload);
    while (running.length > 0) {
      end();
      await turn();
    }
    expect(await Promise.all(all)).toEqual(times(144, () => rejected('x')));
  });

  it('turns away a caller that waits for more than a fifth of a second, and does not verify its credential later', async () => {
    const { running, ask, end } = world(200);
    void times(16, () => ask(false));
    const started = performance.now();
    expect(await ask(false)).toMatchObject(overload);
    expect(performance.now() - started).toBeGreaterThan(190);
    end();
    await turn();
    expect(running).toHaveLength(0);
    void times(16, () => ask(false));
    await turn();
    expect(running).toHaveLength(16);
  });

  it('stops the timer of a caller that has waited', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const { ask, end } = world();
    void times(17, () => ask(false));
    expect(jest.getTimerCount()).toBe(1);
    await turn();
    end();
    await turn();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
});
