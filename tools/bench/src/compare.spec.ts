import { type Demand, judged } from './compare.js';
import type { Round } from './rounds.js';

const rounds = (cpu: readonly number[], busy = 1): Round[] =>
  cpu.map((one) => ({ cpu: one, requestsPerSecond: 1e6 / one, p99: one / 10, busy }));

const nine = <T>(value: T): T[] => Array.from({ length: 9 }, () => value);

const demand: Demand<'open' | 'guarded'>[] = [{ above: 'open', below: 'guarded', atLeast: 0.85 }];

describe('judged', () => {
  it('meets a goal by the paired median, and misses it', () => {
    const open = rounds(nine(20));
    const met = judged('G1', demand, { open, guarded: rounds([...nine(22).slice(1), 80]) });
    expect(met).toMatchObject({ value: 0.909, ok: true, unit: 'CPU ratio', goal: '>= 0.85' });
    expect(judged('G1', demand, { open, guarded: rounds(nine(25)) })).toMatchObject({
      value: 0.8,
      ok: false,
    });
  });

  it('leaves out rounds in which a server waited for load, with their partners', () => {
    const open = [...rounds(nine(20)), ...rounds([1, 1], 0.5)];
    const guarded = [...rounds(nine(25)), ...rounds([1, 1])];
    const { value, detail } = judged('G1', demand, { open, guarded });
    expect(value).toBe(0.8);
    expect(detail['comparisons']).toMatchObject([{ rounds: 11, counted: 9 }]);
  });

  it('says nothing when more rounds than two are lost that way', () => {
    const open = [...rounds(nine(20).slice(1)), ...rounds([20, 20, 20], 0.89)];
    const { ok, detail } = judged('G1', demand, { open, guarded: rounds([...nine(25), 25, 25]) });
    expect(ok).toBeNull();
    expect(detail.reason).toContain('waited for load');
  });

  it('misses a goal by its second demand, and takes a figure without an aim for information', () => {
    const sides = { open: rounds(nine(20)), guarded: rounds(nine(22)), peer: rounds(nine(30)) };
    const second = { above: 'peer', below: 'guarded' } as const;
    const both = (atLeast?: number) =>
      judged('G2', [...demand, { ...second, ...(atLeast === undefined ? {} : { atLeast }) }], sides).ok;
    expect([both(2), both(1.2), both()]).toEqual([false, true, true]);
  });
});
