import { applicationId, tenantId } from '../../issuer/src/token-minter.js';

/** The expectations of the API under attack; the tool's own issuer matches them. */
export interface Target {
  /** Exact `iss`. */
  readonly issuer: string;
  readonly applicationId: string;
  readonly tenantId: string;
  /** Audience of machine tokens; without it the API accepts none. */
  readonly entityId?: string | undefined;
  /** Roles that open the API's routes. */
  readonly roles: readonly string[];
  /** The longest token lifetime and the clock skew that it accepts, in seconds. */
  readonly maxLifetimeSeconds: number;
  readonly clockSkewSeconds: number;
}

/** The ways in which the API validates tokens in the header, which decide what it can notice. */
export const validations = ['local', 'introspection', 'session'] as const;
/** `cookies`: reads them from the header and from FusionAuth's cookie `app.at`, and validates locally. */
export const modes = [...validations, 'cookies'] as const;
export type Mode = (typeof modes)[number];

/** The development defaults of the Todo API. */
export const developmentTarget = {
  applicationId,
  tenantId,
  entityId: '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e',
  roles: ['todo-reader'],
  maxLifetimeSeconds: 3_600,
  clockSkewSeconds: 30,
} as const;
