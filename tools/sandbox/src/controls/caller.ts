import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import { inOneCase } from '../conversion.js';
import type { State } from '../state/state.js';

/** The sender of a request, according to its credential. Contains ids only, and no part of an unknown credential. */
export interface Caller {
  readonly kind: 'api-key' | 'client' | 'token' | 'unknown';
  readonly id?: string;
}

/**
 * Returns the sender of a request, from its headers, its query and, once read, its form; undefined where they name
 * nobody. Nothing is verified: a forged token names a user too, and the status of the answer shows that it was refused.
 */
export function callerOf({ headers, query, body }: FastifyRequest, state: State): Caller | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) return byAuthorization(authorization, state);
  const named = body instanceof URLSearchParams ? body.get('client_id') : undefined;
  const clientId = named ?? (query as { client_id?: unknown }).client_id;
  return typeof clientId === 'string' ? client(clientId, state) : undefined;
}

function byAuthorization(authorization: string, state: State): Caller {
  const [, scheme = '', credential = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return tokenOf(credential, state);
  if (scheme.toLowerCase() === 'basic') {
    const [id = ''] = Buffer.from(credential, 'base64').toString('utf8').split(':');
    return client(id, state) ?? { kind: 'unknown' };
  }
  const key = [...state.apiKeys.values()].find((candidate) => candidate.key === authorization);
  return key ? { kind: 'api-key', id: key.id } : { kind: 'unknown' };
}

function tokenOf(token: string, { users, entities }: State): Caller {
  try {
    const { sub = '' } = decodeJwt(token);
    if (users.has(sub) || entities.has(sub)) return { kind: 'token', id: sub };
  } catch {
    // Not a token.
  }
  return { kind: 'unknown' };
}

/** Returns the client if it exists: any other value may be a secret in the wrong place. */
function client(given: string, { applications, entities }: State): Caller | undefined {
  const id = inOneCase(given);
  if (applications.has(id)) return { kind: 'client', id };
  const entity = [...entities.values()].find(({ clientId }) => clientId === id);
  return entity && { kind: 'client', id: entity.id };
}
