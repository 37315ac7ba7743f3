import type { IncomingMessage } from 'node:http';
import type { RequestFacts } from '../../core/facts.js';
import type { Principal } from '../../core/principal.js';
import { factsOf } from '../node/facts.js';

/** What the door uses of a request of Fastify (which wraps Node's as `raw`) or of Express (which extends it). */
export interface AuthenticatedRequest {
  readonly raw?: IncomingMessage;
  readonly id?: unknown;
  readonly ip?: string;
  principal?: Principal;
  /** The code of the problem that it was answered with, for the log of the application. */
  refusedWith?: string;
  /** Headers that the guard sets on the answer. */
  answerHeaders?: Readonly<Record<string, string>>;
}

/** Node's own request, whichever framework wraps it. */
export const messageOf = (request: AuthenticatedRequest): IncomingMessage =>
  request.raw ?? (request as unknown as IncomingMessage);

export const factsOfRequest = (request: AuthenticatedRequest): RequestFacts =>
  factsOf(messageOf(request), { requestId: requestIdOf(request) ?? '', address: request.ip });

export const requestIdOf = ({ id }: AuthenticatedRequest): string | undefined =>
  typeof id === 'string' ? id : undefined;
