import { createHash, timingSafeEqual } from 'node:crypto';

/** An S256 challenge is the base64url of 32 bytes (RFC 7636 section 4.2). */
export const isChallenge = (challenge: string): boolean => /^[\w-]{43}$/.test(challenge);

/** Whether `verifier` is well formed and hashes to `challenge` (RFC 7636 sections 4.1 and 4.6, S256 only). */
export function provesChallenge(verifier: string, challenge: string): boolean {
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false;
  const hashed = createHash('sha256').update(verifier).digest();
  const expected = Buffer.from(challenge, 'base64url');
  return hashed.length === expected.length && timingSafeEqual(hashed, expected);
}
