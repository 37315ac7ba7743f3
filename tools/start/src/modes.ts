import type { SourceName } from '#gatehouse/credentials';

/** One way to guard the Todo API together with the way in which the Reminder App keeps its credential for it. */
export interface Mode {
  readonly mode: string;
  /** CREDENTIAL_SOURCE of the Reminder App. */
  readonly source: SourceName;
  /** What makes the Todo API guard itself in this way. */
  readonly environment: Readonly<Record<string, string>>;
}

const mode = (name: string, source: SourceName, environment: Mode['environment']): Mode => ({
  mode: name,
  source,
  environment,
});

/** Every mode that exists; a new one is a line here. */
export const modes: readonly Mode[] = [
  mode('jwt/local', 'jwt', { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'local' }),
  mode('jwt/introspection', 'jwt', { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'introspection' }),
  mode('jwt/session', 'jwt', { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'session' }),
  mode('client-credentials', 'client-credentials', { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'local' }),
  mode('api-key', 'api-key', { AUTH_STRATEGY: 'api-key' }),
  mode('email-token', 'email-token', { AUTH_STRATEGY: 'email-token' }),
];
