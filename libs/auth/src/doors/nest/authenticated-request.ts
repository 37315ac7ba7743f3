import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../core/principal.js';

/**
 * The members that the door uses of a Fastify request (which wraps Node's as `raw`) or an Express request (which
 * extends it).
 */
export interface AuthenticatedRequest {
  readonly raw?: IncomingMessage;
  readonly id?: unknown;
  readonly ip?: string;
  principal?: Principal;
  /** The code of the problem sent as its response, for the log of the application. */
  refusedWith?: string;
  /** Headers that the guard sets on the response. */
  answerHeaders?: Readonly<Record<string, string>>;
}

export const requestIdOf = ({ id }: AuthenticatedRequest): string | undefined =>
  typeof id === 'string' ? id : undefined;
