/** The observable differences of a guard with one changed decision. */
export interface Effect {
  readonly title: string;
  /** The first request that it answered differently, or for another reason. */
  noticedBy?: string;
  /** The first hostile request that it accepted; it was shown no others. */
  letThrough?: string;
  /** Reasons that the guard gave and the mutant did not. */
  readonly gone: string[];
}

/** The findings of a run. */
export interface Outcome {
  readonly effects: readonly Effect[];
  /** Titles listed as unnoticed that no longer match a change. */
  readonly stale: readonly string[];
}
