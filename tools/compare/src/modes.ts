import type { ReportMode } from './report.js';

/** The origin of a client's credential; modes of one kind differ in how the API checks it. */
export type CredentialKind = 'user-token' | 'machine-token' | 'api-key' | 'email-token';

export interface Mode extends ReportMode {
  readonly kind: CredentialKind;
  /** Whether FusionAuth is called about a credential, so that a cache time and an outage matter. */
  readonly asksFusionAuth: boolean;
}

const userToken = (validation: string, about: string, more: Partial<Mode> = {}): Mode => ({
  id: `jwt/${validation}`,
  title: `JWT, ${validation}`,
  about,
  kind: 'user-token',
  environment: { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: validation },
  asksFusionAuth: validation !== 'local',
  ...more,
});

const local = 'A user’s access token, checked by its signature and claims alone.';

/** Every way to guard the API that is compared. */
export const modes: readonly Mode[] = [
  userToken('local', local),
  userToken('local', `${local} The signature is verified by passport-jwt.`, {
    id: 'jwt/local (passport-jwt)',
    title: 'JWT, local (passport-jwt)',
    environment: { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'local', JWT_ENGINE: 'passport-jwt' },
  }),
  userToken('local', `${local} FusionAuth’s webhooks announce revocations, which take effect immediately.`, {
    id: 'jwt/local+push',
    title: 'JWT, local, push revocation',
    environment: { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'local', REVOCATION: 'push' },
  }),
  userToken('introspection', 'The same token, and FusionAuth’s introspection says whether it is active.'),
  userToken('session', 'The same token, and FusionAuth’s records of its session and its user are read.'),
  {
    id: 'client-credentials',
    title: 'Client credentials',
    about: 'A machine’s access token for an entity, checked by its signature and claims alone.',
    kind: 'machine-token',
    environment: { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'local' },
    asksFusionAuth: false,
  },
  {
    id: 'api-key',
    title: 'API key',
    about:
      'A FusionAuth API key that may only read an empty group; the API checks the key by reading the group with it.',
    kind: 'api-key',
    environment: { AUTH_STRATEGY: 'api-key' },
    asksFusionAuth: true,
  },
  {
    id: 'email-token',
    title: 'E-mail and authentication token',
    about: 'A user’s authentication token, with which the API logs the user in at FusionAuth.',
    kind: 'email-token',
    environment: { AUTH_STRATEGY: 'email-token' },
    asksFusionAuth: true,
  },
];

/** Returns whether FusionAuth must be able to reach the API. */
export const takesWebhooks = ({ environment }: Mode): boolean => environment['REVOCATION'] === 'push';

export const modeIds = modes.map(({ id }) => id);

/** Returns the mode in the form of a report. */
export const described = ({ id, title, about, environment }: Mode): ReportMode => ({
  id,
  title,
  about,
  environment,
});
