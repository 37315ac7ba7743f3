/** What a revocation takes the access tokens of. Ids in the spelling of FusionAuth, small letters. */
export type RevocationTarget =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'registration'; readonly userId: string; readonly applicationId: string }
  | { readonly kind: 'application'; readonly applicationId: string }
  /** The session that the claim `sid` names: the id of a refresh token. */
  | { readonly kind: 'session'; readonly sessionId: string };

/** Access tokens of `key` issued at or before `revokedBefore` no longer count, whatever they say themselves. */
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
