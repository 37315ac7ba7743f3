import type { Issued } from '../core/strategy.js';

/** The owner of the access tokens that a revocation ends. Ids are in FusionAuth's spelling, lower case. */
export type RevocationTarget =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'registration'; readonly userId: string; readonly applicationId: string }
  | { readonly kind: 'application'; readonly applicationId: string }
  /** The session that the claim `sid` names: the id of a refresh token. */
  | { readonly kind: 'session'; readonly sessionId: string };

/** Revokes the access tokens of `key` issued at or before `revokedBefore`, even before they expire. */
export interface Revocation {
  /** From {@link revocationKey}. */
  readonly key: string;
  /** Milliseconds since the epoch by FusionAuth's clock. */
  readonly revokedBefore: number;
  /** Milliseconds since the epoch after which every token that it concerns has expired. */
  readonly keepUntil: number;
}

/** Returns the text under which a revocation is stored. */
export function revocationKey(target: RevocationTarget): string {
  switch (target.kind) {
    case 'user':
      return `user:${target.userId}`;
    case 'registration':
      return `registration:${target.userId}:${target.applicationId}`;
    case 'application':
      return `application:${target.applicationId}`;
    case 'session':
      return `session:${target.sessionId}`;
  }
}

/** Parses the text that {@link revocationKey} returns; undefined for any other text. */
export function targetOf(key: string): RevocationTarget | undefined {
  const [kind, first, second] = key.split(':');
  if (!first) return undefined;
  switch (kind) {
    case 'user':
      return { kind, userId: first };
    case 'registration':
      return second ? { kind, userId: first, applicationId: second } : undefined;
    case 'application':
      return { kind, applicationId: first };
    case 'session':
      return { kind, sessionId: first };
    default:
      return undefined;
  }
}

/**
 * How long, in milliseconds, a revoked log-in may still yield a token: FusionAuth sends an event before it commits
 * the change.
 */
export const commitAllowanceMs = 500;

/**
 * Tells whether a revocation covers a token. Tokens state their times in whole seconds, so one issued in the second
 * of the revocation is revoked. One issued within the allowance for the commit is revoked too, unless its user logged
 * in after that second.
 */
export function revokes(revokedBefore: number, { at, logInAt }: Issued): boolean {
  const moment = secondOf(revokedBefore);
  if (at <= moment) return true;
  return (logInAt === undefined || logInAt <= moment) && at <= secondOf(revokedBefore + commitAllowanceMs);
}

const secondOf = (ms: number): number => Math.floor(ms / 1000);
