import { hash, randomBytes } from 'node:crypto';

// Per process: a key found in a heap dump or a metric of one process is worthless anywhere else.
const processSecret = randomBytes(32).toString('base64');

/** A cache key for a credential: SHA-256 over a per-process secret, the strategy's name and the credential, never the credential. */
export function cacheKey(strategy: string, fingerprint: string): string {
  return hash(
    'sha256',
    `${processSecret}${strategy.length}:${strategy}${fingerprint.length}:${fingerprint}`,
    'base64',
  );
}
