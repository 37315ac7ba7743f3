/** The user or machine that a verified credential belongs to. Its shape is the same for every strategy. */
export interface Principal {
  /** The `sub` of RFC 7519, or the equivalent of other strategies. Unique within (issuer, kind) only. */
  readonly subject: string;
  readonly issuer: string;
  /** Keeps a machine's subject from being taken for a user's with the same value (RFC 9700 section 4.15). */
  readonly kind: 'user' | 'machine';
  /** Name of the strategy that verified the credential. */
  readonly via: string;
  readonly tenantId?: string;
  /** Present only if the issuer says that it is verified. */
  readonly email?: string;
  /** IANA name or offset from UTC, as the issuer writes it (OpenID Connect `zoneinfo`); absent if it is not valid. */
  readonly timeZone?: string;
  readonly roles: readonly string[];
  /** The session that the credential belongs to (`sid`), if any. A log-out ends it. */
  readonly sessionId?: string;
  /** Names the credential in logs; never the credential itself. */
  readonly credentialId: string;
}
