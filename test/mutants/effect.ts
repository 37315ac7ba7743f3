/** What a guard that lacks one check did differently. */
export interface Effect {
  readonly title: string;
  readonly backedBy: string | undefined;
  /** The first hostile request that it let through; it was shown no others. */
  letThrough?: string;
  /** Requests that it answered with another status or code. */
  readonly otherwise: string[];
  /** Reasons that the guard gave and the mutant did not, and those that it gave instead. */
  readonly gone: string[];
  readonly instead: string[];
}

/**
 * Why a mutant shows that its check is held to, or undefined when it survived: nothing of the corpus noticed that the
 * check is gone, or it was refused by another check than the one named.
 */
export function verdictOn({ letThrough, otherwise, instead, backedBy }: Effect): string | undefined {
  if (letThrough !== undefined) return `lets through ${letThrough}`;
  if (otherwise.length > 0) return `answers otherwise: ${otherwise[0] ?? ''}`;
  return backedBy !== undefined && instead.includes(backedBy) ? `is backed by ${backedBy}` : undefined;
}
