/** The figures of a proof by name, for comparison with the promise. */
export type Figures = Readonly<Record<string, number | string>>;

/** Command line options for proofs that can do part of their work. */
export interface Extent {
  /** `--shard 3/8`: part 3 of 8. */
  readonly shard?: { readonly number: number; readonly count: number } | undefined;
  /** `--minutes 2`: the duration of a proof that has one. */
  readonly minutes?: number | undefined;
}

/** A proof too long for `npm test`: hundreds of kills, minutes of outage, much volume. */
export interface Proof {
  /** The name for `--only`. */
  readonly name: string;
  /** The promise, in one sentence. */
  readonly about: string;
  /**
   * Runs it with its own real parts, on free ports. Resolves with the figures; throws, with the figures so far in the
   * message, when the promise does not hold. `say` shows progress.
   */
  readonly run: (say: (text: string) => void, extent: Extent) => Promise<Figures>;
}
