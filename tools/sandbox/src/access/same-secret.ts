import { timingSafeEqual } from 'node:crypto';

/** Compares secrets in a time that does not tell how much of them agrees. */
export function sameSecret(presented: string, expected: string): boolean {
  const [left, right] = [Buffer.from(presented), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
