import { median, paired, rounded, summary } from '../../measure/src/statistics.js';
import type { Aim } from './goals.js';
import type { Outcome } from './outcome.js';
import type { Round } from './rounds.js';

/** The share of a round in which the server must have had work, for its figures to be valid. */
const enoughBusy = 0.9;
/** The number of rounds that must count in a full run; in a short one, four of five. */
const enoughRounds = 9;

export type Rounds = Readonly<Record<string, readonly Round[]>>;

/** Returns the figures of a goal whose aims compare servers: the paired medians of those that were measured. */
export function compared(aims: readonly Aim[], taken: Rounds): Outcome {
  const comparisons = aims.flatMap(({ figure, sides: [above = '', below = ''] = [] }) => {
    const [tops, bottoms] = [taken[above], taken[below]];
    return tops && bottoms ? [{ figure, ...comparison(tops, bottoms) }] : [];
  });
  const names = new Set(aims.flatMap(({ sides = [] }) => sides));
  const undecided = comparisons.every(({ counts }) => counts)
    ? undefined
    : `a server waited for load in more rounds than may be lost (work in less than ${enoughBusy * 100} % of a round)`;
  return {
    figures: Object.fromEntries(
      comparisons.filter(({ counts }) => counts).map(({ figure, median: middle }) => [figure, middle]),
    ),
    undecided,
    detail: {
      comparisons,
      sides: Object.fromEntries(
        Object.entries(taken).flatMap(([name, rounds]) => (names.has(name) ? [[name, medians(rounds)]] : [])),
      ),
    },
  };
}

/** Compares round by round, using the rounds in which both servers always had work. */
function comparison(above: readonly Round[], below: readonly Round[]) {
  const pairs = above
    .map((one, index) => [one, below[index]] as [Round, Round])
    .filter((pair) => pair.every(({ busy }) => busy >= enoughBusy));
  const [tops, bottoms] = [pairs.map(([top]) => top), pairs.map(([, bottom]) => bottom)];
  const of = (field: keyof Round, rounds: readonly Round[]) => rounds.map((one) => one[field]);
  return {
    counts: pairs.length >= Math.min(enoughRounds, Math.ceil(above.length * 0.8)),
    ...summary(paired(of('cpu', tops), of('cpu', bottoms))),
    rounds: above.length,
    counted: pairs.length,
    // Of the cheapest round of each: the best estimate of an undisturbed machine.
    quietest: rounded(Math.min(...of('cpu', tops)) / Math.min(...of('cpu', bottoms))),
    requestsPerSecond: rounded(
      paired(of('requestsPerSecond', bottoms), of('requestsPerSecond', tops)).median,
    ),
    p99: rounded(paired(of('p99Ms', bottoms), of('p99Ms', tops)).median),
  };
}

/** Returns the figures of one side, medians over its rounds. */
export function medians(rounds: readonly Round[]) {
  const of = (field: keyof Round) => median(rounds.map((one) => one[field]));
  return {
    cpuMicroseconds: rounded(of('cpu')),
    leastCpuMicroseconds: rounded(Math.min(...rounds.map(({ cpu }) => cpu))),
    requestsPerSecond: Math.round(of('requestsPerSecond')),
    p99Ms: rounded(of('p99Ms')),
    busy: rounded(of('busy')),
  };
}
