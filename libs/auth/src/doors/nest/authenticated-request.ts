import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../core/principal.js';

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

export const requestIdOf = ({ id }: AuthenticatedRequest): string | undefined =>
  typeof id === 'string' ? id : undefined;
