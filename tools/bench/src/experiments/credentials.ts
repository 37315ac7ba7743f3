import { randomBytes, randomUUID } from 'node:crypto';
import { encode } from '../../../issuer/src/token-minter.js';
import { basic, bearer, getRequest, type Headers } from '../../../measure/src/connection.js';
import { probeGroupId } from '../../../measure/src/fusionauth-stand-in.js';
import type { Bench } from '../bench.js';

export type RemoteStrategy = 'introspection' | 'api-key' | 'email-token';

/** The settings of a server whose credentials FusionAuth checks. */
export const environmentOf: Record<RemoteStrategy, Readonly<Record<string, string>>> = {
  introspection: { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'introspection' },
  'api-key': { AUTH_STRATEGY: 'api-key', FUSIONAUTH_PROBE_GROUP_ID: probeGroupId },
  'email-token': { AUTH_STRATEGY: 'email-token' },
};

/**
 * Returns header fields with `count` valid credentials of a strategy, each of another client, and a source of new ones
 * that are refused.
 */
export async function credentials(bench: Bench, strategy: RemoteStrategy, count: number) {
  const many = (make: () => Headers) => Array.from({ length: count }, make);
  switch (strategy) {
    case 'introspection': {
      const tokens = await bench.tokens(count);
      return { good: tokens.map(bearer), bad: () => bearer(forged(tokens[0] ?? '')) };
    }
    case 'api-key':
      return { good: many(() => apiKey('good')), bad: () => apiKey('bad') };
    case 'email-token':
      return { good: many(() => logIn(`good-${randomUUID()}`)), bad: () => logIn('bad') };
  }
}

/** Returns a key that the stand-in accepts where `kind` is `good`. */
export const apiKey = (kind: 'good' | 'bad') => ({
  'X-API-Key': `${kind}-${randomBytes(24).toString('base64url')}`,
});

const logIn = (token: string): Headers => basic(`${randomUUID()}@example.com`, token);

/** Returns the token with another signature: everything else about it is valid. */
export function forged(token: string): string {
  const [header, payload, signature = ''] = token.split('.');
  return [header, payload, encode(Buffer.from(signature, 'base64url').reverse())].join('.');
}

export const guardedRequests = (url: string, headers: readonly Headers[]): Buffer[] =>
  headers.map((fields) => getRequest(url, '/guarded', fields));
