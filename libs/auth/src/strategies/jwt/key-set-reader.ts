import jwksRsa from 'jwks-rsa';
import { byId, type PublicKey, publicKey } from './public-key.js';

export const noUsableKey =
  'FusionAuth’s key set contains no key that can verify a token: give the application an RS256 or ES256 key of at least 2,048 bits (jwtConfiguration.accessTokenKeyId)';

/**
 * Returns a function that fetches the issuer's key set and resolves with its usable keys by id; rejects if there is
 * none. jwks-rsa parses.
 */
export function keySetReader(
  fetchKeySet: () => Promise<unknown>,
): () => Promise<ReadonlyMap<string, PublicKey>> {
  const fetcher = async () => withoutDebris(await fetchKeySet());
  const reader = jwksRsa({ jwksUri: 'key set', fetcher });
  return async () => {
    const signingKeys = await reader.getSigningKeys();
    const usable = signingKeys.map((key) =>
      publicKey({ kid: key.kid, alg: key.alg, key: key.getPublicKey() }),
    );
    const keys = byId(usable.filter((key) => key !== undefined));
    if (keys.size === 0) throw new Error(noUsableKey);
    return keys;
  };
}

/**
 * Removes entries that are null, for which the reader would reject the whole set (RFC 7517 section 5: ignore them).
 */
function withoutDebris(answer: unknown): { keys: [] } {
  const { keys } = answer as { keys: unknown };
  return { keys: (Array.isArray(keys) ? keys.filter((entry) => entry !== null) : keys) as [] };
}

/** Tells whether the set was read, but contains no signing key, or none that is acceptable. */
export const isWithoutKeys = (error: unknown): boolean =>
  error instanceof jwksRsa.JwksError || (error as Partial<Error>).message === noUsableKey;
