import type { Principal } from '#gatehouse/auth';

/** Where a row of the credentials table stands: the name of what issued it, and its subject. */
export interface CredentialKey {
  readonly strategy: string;
  readonly subject: string;
}

/** The credential that a principal presented. Machine tokens are verified as `jwt` and issued as something else. */
export const credentialOf = ({ via, kind, subject }: Principal): CredentialKey => ({
  strategy: via === 'jwt' && kind === 'machine' ? 'client-credentials' : via,
  subject,
});

/** The device session behind a token, if there is one: its row has the session as its subject, since the person has other log-ins. */
export const sessionCredential = (sessionId: string): CredentialKey => ({
  strategy: 'jwt',
  subject: sessionId,
});
