import type { Issued } from '../core/strategy.js';

/** What a revocation takes the access tokens of. Ids in the spelling of FusionAuth, small letters. */
export type RevocationTarget =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'registration'; readonly userId: string; readonly applicationId: string }
  | { readonly kind: 'application'; readonly applicationId: string }
  /** The session that the claim `sid` names: the id of a refresh token. */
  | { readonly kind: 'session'; readonly sessionId: string };

/** Access tokens of `key` issued at or before `revokedBefore` no longer count, even before their own expiry. */
export interface Revocation {
  /** By {@link revocationKey}. */
  readonly key: string;
  /** Milliseconds since the epoch on FusionAuth's clock. */
  readonly revokedBefore: number;
  /** Milliseconds since the epoch from when on no token that it concerns can be alive. */
  readonly keepUntil: number;
}

/** Returns the text under which a revocation is kept. */
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

/** Returns the target that {@link revocationKey} gives this text; undefined for any other text. */
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
 * FusionAuth sends an event before it commits the change, so the log-in that ends may still yield a token for a moment.
 * In milliseconds.
 */
export const commitAllowanceMs = 500;

/**
 * Whether a revocation ends a token. The token tells its times in whole seconds, and of one second nobody knows what came
 * first, so what was issued in the second of the revocation is revoked. So is what was issued within the allowance for the
 * commit, unless its user logged in after that second.
 */
export function revokes(revokedBefore: number, { at, logInAt }: Issued): boolean {
  const moment = secondOf(revokedBefore);
  if (at <= moment) return true;
  return (logInAt === undefined || logInAt <= moment) && at <= secondOf(revokedBefore + commitAllowanceMs);
}

const secondOf = (ms: number): number => Math.floor(ms / 1000);
