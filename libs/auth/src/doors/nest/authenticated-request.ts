import type { IncomingMessage } from 'node:http';
import { factsOf, removeHeaders, type RequestFacts } from '../../core/request-facts.js';
import type { Principal } from '../../core/principal.js';

/** What the door uses of a request of Fastify (which wraps Node's as `raw`) or of Express (which extends it). */
export interface AuthenticatedRequest {
  readonly raw?: IncomingMessage;
  readonly id?: unknown;
  readonly ip?: string;
  principal?: Principal;
}

const messageOf = (request: AuthenticatedRequest): IncomingMessage =>
  request.raw ?? (request as unknown as IncomingMessage);

export const factsOfRequest = (request: AuthenticatedRequest): RequestFacts =>
  factsOf(messageOf(request), { requestId: requestIdOf(request) ?? '', address: request.ip ?? '' });

export const requestIdOf = ({ id }: AuthenticatedRequest): string | undefined =>
  typeof id === 'string' ? id : undefined;

const credentialHeaders = ['authorization', 'x-api-key'];

/** Removes what was presented once it is verified: no handler, log or outgoing call can leak it then. */
export const forgetCredentials = (request: AuthenticatedRequest): void =>
  removeHeaders(messageOf(request), credentialHeaders);
