import { type GoalId, type Result, result } from './goals.js';
import type { Round } from './rounds.js';
import { median, type Paired, paired, rounded } from './statistics.js';

/** Share of a round in which the server must have had work, for its figures to be about the server. */
const enoughBusy = 0.9;
/** Rounds that must count in a whole run; in a short one four of five. */
const enoughRounds = 9;

/** One comparison of a goal: CPU a request of `above`, divided by that of `below`. */
export interface Demand<Name extends string> {
  readonly above: Name;
  readonly below: Name;
  /** What the paired median must reach; without it the figure is for information. */
  readonly atLeast?: number;
}

/** The result of a goal; its value is the paired median of the first demand. */
export function judged<Name extends string>(
  id: GoalId,
  demands: readonly Demand<Name>[],
  taken: Readonly<Record<Name, readonly Round[]>>,
): Result {
  const comparisons = demands.map((demand) => ({
    ...demand,
    ...compared(taken[demand.above], taken[demand.below]),
  }));
  const sides = Object.fromEntries(namesIn(demands).map((name) => [name, medians(taken[name])]));
  const [first] = comparisons;
  const detail = { comparisons, sides };
  if (!comparisons.every(({ counts }) => counts)) {
    const reason = `a server waited for load in more rounds than may be lost (work in less than ${enoughBusy * 100} % of a round)`;
    return result(id, first?.median ?? null, null, { reason, ...detail });
  }
  const met = comparisons.every(({ median: reached, atLeast = 0 }) => reached >= atLeast);
  return result(id, first?.median ?? null, met, detail);
}

export const namesIn = <Name extends string>(demands: readonly Demand<Name>[]): Name[] => [
  ...new Set(demands.flatMap(({ above, below }) => [above, below])),
];

/** Round by round, of the rounds in which both servers always had work. */
function compared(above: readonly Round[], below: readonly Round[]) {
  const pairs = above
    .map((one, index) => [one, below[index]] as [Round, Round])
    .filter((pair) => pair.every(({ busy }) => busy >= enoughBusy));
  const [tops, bottoms] = [pairs.map(([top]) => top), pairs.map(([, bottom]) => bottom)];
  const of = (field: keyof Round, rounds: readonly Round[]) => rounds.map((one) => one[field]);
  const added = pairs.map(([top, bottom]) => bottom.cpu - top.cpu);
  return {
    counts: pairs.length >= Math.min(enoughRounds, Math.ceil(above.length * 0.8)),
    ...summary(paired(of('cpu', tops), of('cpu', bottoms))),
    rounds: above.length,
    counted: pairs.length,
    // Of the cheapest round of either: what a machine shared with others comes nearest to when left alone.
    quietest: rounded(Math.min(...of('cpu', tops)) / Math.min(...of('cpu', bottoms))),
    cpuAddedMicroseconds: rounded(median(added)),
    requestsPerSecond: rounded(
      paired(of('requestsPerSecond', bottoms), of('requestsPerSecond', tops)).median,
    ),
    p99: rounded(paired(of('p99', bottoms), of('p99', tops)).median),
  };
}

/** For the record. */
export const summary = ({ median: middle, min, max, values }: Paired): Paired => ({
  median: rounded(middle),
  min: rounded(min),
  max: rounded(max),
  values: values.map(rounded),
});

/** What one side did by itself, medians over its rounds. */
export const medians = (rounds: readonly Round[]) => {
  const of = (field: keyof Round) => median(rounds.map((one) => one[field]));
  return {
    cpuMicroseconds: rounded(of('cpu')),
    leastCpuMicroseconds: rounded(Math.min(...rounds.map(({ cpu }) => cpu))),
    requestsPerSecond: Math.round(of('requestsPerSecond')),
    p99Milliseconds: rounded(of('p99')),
    busy: rounded(of('busy')),
  };
};
