import type { SourceName } from '#gatehouse/credentials';
import { issuerNames, issuers } from '../../../../apps/dev-center/src/issuers/index.js';

/** A way to guard the Todo API, and the credential source that the Reminder App uses for it. */
export interface Mode {
  readonly mode: string;
  /** The Reminder App's CREDENTIAL_SOURCE. */
  readonly source: SourceName;
  /** The environment that makes the Todo API guard itself in this way. */
  readonly environment: Readonly<Record<string, string>>;
}

/** FusionAuth reports revocations to the Todo API by webhook. */
const push = { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'local', REVOCATION: 'push' };

const mode = (name: string, source: SourceName, JWT_VALIDATION = 'local'): Mode => ({
  mode: name,
  source,
  environment: { AUTH_STRATEGY: issuers[source].strategy, JWT_VALIDATION },
});

const ofTokens = (): Mode[] => [
  ...validations.map((validation) => mode(`jwt/${validation}`, 'jwt', validation)),
  { mode: 'jwt/local+push', source: 'jwt', environment: push },
];

const validations = ['local', 'introspection', 'session'];

/**
 * Every mode that exists: one for each kind of issued credential, one for each way to validate tokens, and one with
 * revocation by push.
 */
export const modes: readonly Mode[] = issuerNames.flatMap((source) =>
  source === 'jwt' ? ofTokens() : [mode(source, source)],
);
