import { compared } from './compare.js';
import type { Aim } from './goals.js';
import type { Round } from './rounds.js';

const rounds = (cpu: readonly number[], busy = 1): Round[] =>
  cpu.map((one) => ({ cpu: one, requestsPerSecond: 1e6 / one, p99Ms: one / 10, busy }));

const nine = <T>(value: T): T[] => Array.from({ length: 9 }, () => value);

const ratio: Aim = { figure: 'ratio', sides: ['open', 'guarded'], atLeast: 0.85 };
const comparisonsOf = ({ detail }: ReturnType<typeof compared>) =>
  (detail as { comparisons: object[] }).comparisons;

describe('servers that are measured alternately', () => {
  it('are compared by the paired median', () => {
    const taken = { open: rounds(nine(20)), guarded: rounds([...nine(22).slice(1), 80]) };
    expect(compared([ratio], taken).figures).toEqual({ ratio: 0.909 });
  });

  it('lose both sides of a round in which one waited for load', () => {
    const open = [...rounds(nine(20)), ...rounds([1, 1], 0.5)];
    const guarded = [...rounds(nine(25)), ...rounds([1, 1])];
    const outcome = compared([ratio], { open, guarded });
    expect(outcome.figures).toEqual({ ratio: 0.8 });
    expect(comparisonsOf(outcome)).toMatchObject([{ rounds: 11, counted: 9 }]);
  });

  it('give no figure when more than two rounds are lost in this way', () => {
    const open = [...rounds(nine(20).slice(1)), ...rounds([20, 20, 20], 0.89)];
    const outcome = compared([ratio], { open, guarded: rounds([...nine(25), 25, 25]) });
    expect(outcome).toMatchObject({
      figures: {},
      undecided: expect.stringContaining('waited for load') as string,
    });
  });

  it('are left out of a comparison with one that was not measured', () => {
    const second: Aim = { figure: 'of the peer', sides: ['peer', 'guarded'], atLeast: 2 };
    const taken = { open: rounds(nine(20)), guarded: rounds(nine(22)) };
    expect(compared([ratio, second], taken).figures).toEqual({ ratio: 0.909 });
    expect(compared([ratio, second], { ...taken, peer: rounds(nine(44)) }).figures).toEqual({
      ratio: 0.909,
      'of the peer': 2,
    });
  });
});
