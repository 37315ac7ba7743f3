import type { Principal } from '#gatehouse/auth';

/** Identifies a row of the credentials table: the name of the issuer, and the subject. */
export interface CredentialKey {
  readonly strategy: string;
  readonly subject: string;
}

/**
 * Returns the key of the credential that a principal presented. Machine tokens are verified as `jwt` but issued under
 * another name.
 */
export const credentialOf = ({ via, kind, subject }: Principal): CredentialKey => ({
  strategy: via === 'jwt' && kind === 'machine' ? 'client-credentials' : via,
  subject,
});

/** Returns the key of the device session behind a token: the subject of its row is the session, because its user has other log-ins. */
export const sessionCredential = (sessionId: string): CredentialKey => ({
  strategy: 'jwt',
  subject: sessionId,
});
