/** What the API under attack was told to expect; the tool's own issuer issues to match. */
export interface Target {
  /** Exact `iss`. */
  readonly issuer: string;
  readonly applicationId: string;
  readonly tenantId: string;
  /** Audience of machine tokens; without it the API accepts none. */
  readonly entityId?: string | undefined;
  /** Roles that open the API's routes. */
  readonly roles: readonly string[];
  /** The longest life of a token that it accepts, and the difference of clocks that it allows, in seconds. */
  readonly maxLifetimeSeconds: number;
  readonly clockSkewSeconds: number;
}

/** How the API validates tokens in the header: what it can notice follows from it. */
export const validations = ['local', 'introspection', 'session'] as const;
/** `cookies`: it takes them from the header and from FusionAuth's cookie `app.at`, and validates locally. */
export const modes = [...validations, 'cookies'] as const;
export type Mode = (typeof modes)[number];

/** The development defaults of the Todo API. */
export const developmentTarget = {
  applicationId: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c',
  tenantId: '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01',
  entityId: '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e',
  roles: ['todo-reader'],
  maxLifetimeSeconds: 3_600,
  clockSkewSeconds: 30,
} as const;
