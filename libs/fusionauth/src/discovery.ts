import { z } from 'zod';
import { type Call, unexpected } from './transport.js';

const publicKeyAnswer = z.object({ publicKey: z.string().min(1) });
const discoveryDocument = z.object({ issuer: z.string().min(1) });
const endpoints = z
  .object({
    issuer: z.string().min(1),
    authorization_endpoint: z.url(),
    token_endpoint: z.url(),
    jwks_uri: z.url(),
  })
  .catchall(z.json());

/** The discovery document of a tenant (OpenID Connect Discovery 1.0 section 3). */
export type DiscoveryDocument = z.output<typeof endpoints>;

/**
 * Reads public documents of the issuer; every method throws {@link FusionAuthUnavailable} unless the answer is a 200
 * with the expected shape.
 */
export function publicDocuments(call: Call, tenantId: string) {
  const discover = async <S extends z.ZodType>(shape: S): Promise<z.output<S>> => {
    const answer = await call('discovery', { path: `/${tenantId}/.well-known/openid-configuration` });
    const document = shape.safeParse(answer.body);
    if (!document.success) throw unexpected('discovery', answer);
    return document.data;
  };
  return {
    /** Reads `GET /.well-known/jwks.json` (RFC 7517 section 5), unparsed. */
    readKeySet: async (): Promise<unknown> => {
      const answer = await call('key set', { path: '/.well-known/jwks.json' });
      if (answer.status !== 200) throw unexpected('key set', answer);
      return answer.body;
    },
    /**
     * Reads `GET /api/jwt/public-key?applicationId=`: whether the application's tokens can be verified with a public
     * key. False if it signs with a shared secret (HS256), which is FusionAuth's default, and if the application does
     * not exist.
     */
    hasPublicKey: async (applicationId: string): Promise<boolean> => {
      const answer = await call('public key', { path: `/api/jwt/public-key?applicationId=${applicationId}` });
      if (answer.status === 404) return false;
      if (answer.status !== 200) throw unexpected('public key', answer);
      return publicKeyAnswer.safeParse(answer.body).success;
    },
    /** Reads FusionAuth's clock in milliseconds since the epoch, to the second; undefined if the answer has no date. */
    readClock: async (): Promise<number | undefined> => {
      const { date } = await call('key set', { path: '/.well-known/jwks.json' });
      const instant = Date.parse(date ?? '');
      return Number.isNaN(instant) ? undefined : instant;
    },
    /** Reads the tenant's discovery document, for a client that logs users in. */
    readDiscovery: () => discover(endpoints),
    /** Reads the `issuer` of the tenant's discovery document (OpenID Connect Discovery 1.0 section 4). */
    readIssuer: async (): Promise<string> => (await discover(discoveryDocument)).issuer,
  };
}
