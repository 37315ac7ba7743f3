import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import { inOneCase } from '../conversion.js';
import type { State } from '../state/state.js';

/** By what a request says who sends it. It holds ids only, and of a credential that nobody has not even a part. */
export interface Caller {
  readonly kind: 'api-key' | 'client' | 'token' | 'unknown';
  readonly id?: string;
}

/**
 * Tells by its headers, and by its form where that is read, who sends a request. A wrong secret and a forged token name
 * somebody too: the status says whether they were believed. Undefined for a request that names nobody.
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
    // Not a token at all.
  }
  return { kind: 'unknown' };
}

/** Only a client that exists: anything else may be a secret in the wrong place. */
function client(given: string, { applications, entities }: State): Caller | undefined {
  const id = inOneCase(given);
  if (applications.has(id)) return { kind: 'client', id };
  const entity = [...entities.values()].find(({ clientId }) => clientId === id);
  return entity && { kind: 'client', id: entity.id };
}
