/** Figures that a proof saw, by name; what a reader compares with what was promised. */
export type Figures = Readonly<Record<string, number | string>>;

/** What the command line asks of the proofs that can do part of their work. */
export interface Extent {
  /** `--shard 3/8`: part 3 of 8. */
  readonly shard?: { readonly number: number; readonly count: number } | undefined;
  /** `--minutes 2`: how long, of a proof that takes a time of its own. */
  readonly minutes?: number | undefined;
}

/** A proof too long for `npm test`: hundreds of kills, minutes of outage, much volume. */
export interface Proof {
  /** What `--only` takes. */
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly about: string;
  /**
   * Runs it against real parts of its own, on free ports. Resolves with what was seen; throws, with the figures so far
   * in the message, when the promise does not hold. `say` shows progress.
   */
  readonly run: (say: (text: string) => void, extent: Extent) => Promise<Figures>;
}
