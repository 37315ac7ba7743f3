/** The middle of the values; the mean of the two middle ones when their number is even. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** The least value that at least `share` of the values do not exceed (nearest rank). NaN of none. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

interface Paired {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** One quotient a round, in the order of the rounds. */
  readonly values: readonly number[];
}

/**
 * The quotients of what was measured side by side in the same rounds. What slowed a whole round slowed both sides, so
 * the median of quotients is steadier than the quotient of medians.
 */
export function paired(above: readonly number[], below: readonly number[]): Paired {
  if (above.length !== below.length) throw new Error('Pairs need as many values on either side');
  const values = above.map((value, round) => value / (below[round] ?? NaN));
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), values };
}

/** A figure with three significant digits: what a noisy machine can tell. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

/** The same with figures for the record. */
export const summary = ({ median: middle, min, max, values }: Paired): Paired => ({
  median: rounded(middle),
  min: rounded(min),
  max: rounded(max),
  values: values.map(rounded),
});
