/** Returns the middle value; the mean of the two middle ones when their number is even. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** Returns the smallest value that at least `share` of the values do not exceed (nearest rank). NaN for none. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

interface Paired {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** One quotient per round, in the order of the rounds. */
  readonly values: readonly number[];
}

/**
 * Returns the quotients of two sides measured in the same rounds. A slow round slows both sides, so the median of
 * quotients is steadier than the quotient of medians.
 */
export function paired(above: readonly number[], below: readonly number[]): Paired {
  if (above.length !== below.length) throw new Error('Pairs need as many values on either side');
  const values = above.map((value, round) => value / (below[round] ?? NaN));
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), values };
}

/** Rounds to three significant digits, the precision of a noisy machine. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

/** Returns the same with rounded figures, for the record. */
export const summary = ({ median: middle, min, max, values }: Paired): Paired => ({
  median: rounded(middle),
  min: rounded(min),
  max: rounded(max),
  values: values.map(rounded),
});

type Interval = readonly [number, number];

/**
 * Returns a 95 % interval of a share of `hits` in `trials`, by Wilson's score, which is also valid for few trials and
 * for shares near 0 and 1.
 */
export function shareInterval(hits: number, trials: number): Interval {
  if (trials === 0) return [0, 1];
  const z = 1.96;
  const share = hits / trials;
  const middle = share + z ** 2 / (2 * trials);
  const reach = z * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  const scale = 1 + z ** 2 / trials;
  return [(middle - reach) / scale, (middle + reach) / scale];
}

/** Two-sided 95 % quantiles of Student's t for 1, 2, 3 … degrees of freedom; from 30 on nearly the normal one. */
const studentT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045,
];

/**
 * Returns the mean of independent values with its 95 % interval by Student's t; without one for fewer than two values.
 */
export function meanWithInterval(values: readonly number[]): { mean: number; interval?: Interval } {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const reach = (studentT[count - 2] ?? 1.96) * Math.sqrt(variance / count);
  return { mean, interval: [mean - reach, mean + reach] };
}

/** Returns the value that `share` of the values do not exceed, with its 95 % interval by the ranks of the values. */
export function quantileWithInterval(
  values: ArrayLike<number>,
  share: number,
): { value: number; interval?: Interval } {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  const value = percentile(values, share);
  const reach = 1.96 * Math.sqrt(count * share * (1 - share));
  const low = sorted[Math.floor(count * share - reach) - 1];
  const high = sorted[Math.ceil(count * share + reach)];
  return low === undefined || high === undefined ? { value } : { value, interval: [low, high] };
}
