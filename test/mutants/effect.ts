/** What a guard with one decision changed did differently. */
export interface Effect {
  readonly title: string;
  /** The first request that it answered otherwise, or for another reason. */
  noticedBy?: string;
  /** The first hostile request that it let through; it was shown no others. */
  letThrough?: string;
  /** Reasons that the guard gave and the mutant did not. */
  readonly gone: string[];
}

/** What a run found. */
export interface Outcome {
  readonly effects: readonly Effect[];
  /** Titles listed as unnoticed that fit no change any more. */
  readonly stale: readonly string[];
}
