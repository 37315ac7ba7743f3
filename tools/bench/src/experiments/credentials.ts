import { randomBytes, randomUUID } from 'node:crypto';
import type { Bench } from '../bench.js';
import { forged } from '../issuer.js';
import { getRequest } from '../load/connection.js';
import { probeGroupId } from '../targets/probe-group.js';

export type RemoteStrategy = 'introspection' | 'api-key' | 'email-token';

/** What a server is told so that FusionAuth decides. */
export const environmentOf: Record<RemoteStrategy, Readonly<Record<string, string>>> = {
  introspection: { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'introspection' },
  'api-key': { AUTH_STRATEGY: 'api-key', FUSIONAUTH_PROBE_GROUP_ID: probeGroupId },
  'email-token': { AUTH_STRATEGY: 'email-token' },
};

type Headers = Readonly<Record<string, string>>;

/** Header fields with `count` good credentials of a strategy, each another's, and ever new ones that are refused. */
export async function credentials(bench: Bench, strategy: RemoteStrategy, count: number) {
  switch (strategy) {
    case 'introspection': {
      const tokens = await bench.tokens(count);
      return { good: tokens.map(bearer), bad: () => bearer(forged(tokens[0] ?? '')) };
    }
    case 'api-key':
      return { good: many(count, () => apiKey('good')), bad: () => apiKey('bad') };
    case 'email-token':
      return { good: many(count, () => basic(`good-${randomUUID()}`)), bad: () => basic('bad') };
  }
}

const many = (count: number, make: () => Headers): Headers[] => Array.from({ length: count }, make);

export const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });

/** Good when `kind` is, by the stand-in's rule. */
export const apiKey = (kind: 'good' | 'bad'): Headers => ({
  'X-API-Key': `${kind}-${randomBytes(24).toString('base64url')}`,
});

const basic = (token: string): Headers => ({
  Authorization: `Basic ${Buffer.from(`${randomUUID()}@example.com:${token}`).toString('base64')}`,
});

export const requestsOf = (url: string, path: string, headers: readonly Headers[]): Buffer[] =>
  headers.map((fields) => getRequest(url, path, fields));

/** One after the other, and again from the first. */
export function inTurn(requests: readonly Buffer[]): () => Buffer {
  let next = 0;
  return () => requests[next++ % requests.length] as Buffer;
}

/** Any of them, as independent clients come; in turn, all would expire one after the other and be missed at once. */
export const atRandom =
  (requests: readonly Buffer[]): (() => Buffer) =>
  () =>
    requests[Math.floor(Math.random() * requests.length)] as Buffer;
