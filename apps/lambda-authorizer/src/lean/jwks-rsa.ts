import { createPublicKey, type JsonWebKey, type JsonWebKeyInput } from 'node:crypto';

interface Jwk extends JsonWebKey {
  readonly use?: unknown;
  readonly key_ops?: unknown;
  readonly kid?: unknown;
  readonly alg?: unknown;
}

interface SigningKey {
  readonly kid?: string;
  readonly alg?: string;
  /** As Node reads it. jwks-rsa gives PEM, but the first key that OpenSSL writes as such takes a millisecond. */
  getPublicKey(): JsonWebKeyInput;
}

class JwksError extends Error {
  override readonly name = 'JwksError';
}

const named = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Selects signing keys like jwks-rsa: public RSA and elliptic-curve keys, unless they are for another use. */
function signingKey(jwk: Jwk): SigningKey | undefined {
  const { use, key_ops: operations, kty, d, kid, alg } = jwk;
  const verifies = operations === undefined || (Array.isArray(operations) && operations.join() === 'verify');
  if ((use !== undefined && use !== 'sig') || !verifies || d !== undefined) return undefined;
  if (kty !== 'RSA' && kty !== 'EC') return undefined;
  const key: JsonWebKeyInput = { key: jwk, format: 'jwk' };
  try {
    createPublicKey(key);
  } catch {
    return undefined;
  }
  const [id, algorithm] = [named(kid), named(alg)];
  return {
    ...(id !== undefined && { kid: id }),
    ...(algorithm !== undefined && { alg: algorithm }),
    getPublicKey: () => key,
  };
}

const jwksRsa = ({ fetcher }: { readonly fetcher: () => Promise<{ keys: unknown }> }) => ({
  async getSigningKeys(): Promise<readonly SigningKey[]> {
    const { keys } = await fetcher();
    const found = Array.isArray(keys) ? (keys as Jwk[]).map(signingKey) : [];
    const signing = found.filter((key) => key !== undefined);
    if (signing.length === 0) throw new JwksError('The key set contains no signing keys');
    return signing;
  },
});

export default Object.assign(jwksRsa, { JwksError });
