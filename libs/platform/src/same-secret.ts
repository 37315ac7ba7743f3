import { hash, timingSafeEqual } from 'node:crypto';

/** Compares two secrets in constant time; the digests have the same length even where the secrets do not. */
export const sameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'));
