import { z } from 'zod';
import type { ControlClient, ControlSettings } from './client.js';

export interface NewServiceUser {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly fullName: string;
  readonly roles: readonly string[];
  /** Milliseconds since the epoch from which FusionAuth refuses its log-in. */
  readonly expiresAt?: number | undefined;
}

const record = z.object({
  user: z.object({
    id: z.string(),
    email: z.string().optional(),
    active: z.boolean(),
    registrations: z
      .array(z.object({ applicationId: z.string(), roles: z.array(z.string()).default([]) }))
      .default([]),
  }),
});
const registered = z.object({
  registration: z.object({ authenticationToken: z.string().min(1).optional() }),
});
const withToken = z.object({ registration: z.object({ authenticationToken: z.string().min(1) }) });
const taken = z.object({ action: z.object({ id: z.string() }) });

/** The fields of a service user that are used here. */
export interface ServiceUserRecord {
  readonly email: string | undefined;
  readonly active: boolean;
  /** Undefined if it is not registered for the application. */
  readonly roles: readonly string[] | undefined;
}

/**
 * Manages service users, which represent clients. Each belongs to one credential, so that removing the user revokes
 * the credential.
 */
export function serviceUsers(control: ControlClient, ids: ControlSettings) {
  const { found, changed, removed } = control;
  const { applicationId } = ids;
  const read = async (userId: string): Promise<ServiceUserRecord | undefined> => {
    const answer = await found('GET /api/user', (client) => client.retrieveUser(userId), record);
    if (!answer) return undefined;
    const { email, active, registrations } = answer.user;
    return { email, active, roles: registrations.find((one) => one.applicationId === applicationId)?.roles };
  };
  const isGone = (userId: string) => async () => (await read(userId)) === undefined;
  return {
    ...registering(control, ids),
    ...changing(control, applicationId, read),
    /**
     * Sets the expiry of the authentication token, which our API enforces; without a registration there is no token.
     */
    expireToken: (userId: string, expiresAt: number) =>
      changed(
        'PATCH /api/user/registration',
        (client) =>
          client.patchRegistration(userId, { registration: { applicationId, data: { expiresAt } } }),
        z.object({ registration: z.object({ data: z.object({ expiresAt: z.literal(expiresAt) }) }) }),
        async () => (await read(userId))?.roles === undefined,
      ),
    /**
     * Sets the time from which FusionAuth refuses log-in and refresh; a user who no longer exists counts as expired.
     */
    expire: (userId: string, expiresAt: number) =>
      changed(
        'PATCH /api/user',
        (client) => client.patchUser(userId, { user: { expiry: expiresAt } }),
        z.object({ user: z.object({ expiry: z.literal(expiresAt) }) }),
        isGone(userId),
      ),
    read,
    /** Deletes the user and its sessions permanently. */
    remove: (userId: string) =>
      removed('DELETE /api/user', (client) => client.deleteUser(userId), isGone(userId)),
  };
}

type Read = (userId: string) => Promise<ServiceUserRecord | undefined>;

const changing = ({ answered, removed }: ControlClient, applicationId: string, read: Read) => ({
  /** Adds a role; FusionAuth appends to the existing roles. */
  async addRole(userId: string, role: string): Promise<void> {
    await answered(
      'PATCH /api/user/registration',
      (client) => client.patchRegistration(userId, { registration: { applicationId, roles: [role] } }),
      registered,
    );
  },
  /** Applies the user action to the user, with the user as the actioner, until `expiry`. */
  async lock(userId: string, userActionId: string, expiry: number): Promise<void> {
    const action = { actioneeUserId: userId, actionerUserId: userId, userActionId, expiry };
    await answered('POST /api/user/action', (client) => client.actionUser({ action }), taken);
  },
  /** Deactivates the user, who continues to exist but cannot log in. */
  deactivate: (userId: string) =>
    removed(
      'DELETE /api/user',
      (client) => client.deactivateUser(userId),
      async () => !(await read(userId))?.active,
    ),
});

interface More {
  readonly registration?: object;
  readonly generateAuthenticationToken: boolean;
}

function registering({ answered }: ControlClient, { tenantId, applicationId }: ControlSettings) {
  const register = async <S extends z.ZodType>(user: NewServiceUser, more: More, shape: S) => {
    const { id, email, password, fullName, roles, expiresAt } = user;
    const expiry = expiresAt === undefined ? {} : { expiry: expiresAt };
    const request: object = {
      user: { email, password, fullName, tenantId, verified: true, ...expiry },
      registration: { applicationId, roles: [...roles], verified: true, ...more.registration },
      generateAuthenticationToken: more.generateAuthenticationToken,
      skipVerification: true,
      skipRegistrationVerification: true,
    };
    return answered('POST /api/user/registration', (client) => client.register(id, request as never), shape);
  };
  return {
    /** One call, so that a killed process cannot leave a user without its registration. */
    async make(user: NewServiceUser): Promise<void> {
      await register(user, { generateAuthenticationToken: false }, registered);
    },
    /**
     * Does the same and resolves with a new authentication token. FusionAuth stores `tokenExpiresAt` but does not
     * enforce it.
     */
    async makeWithToken(user: NewServiceUser, tokenExpiresAt?: number): Promise<string> {
      const data = tokenExpiresAt === undefined ? {} : { data: { expiresAt: tokenExpiresAt } };
      const more = { registration: data, generateAuthenticationToken: true };
      return (await register(user, more, withToken)).registration.authenticationToken;
    },
    /** Sets a new authentication token on a registration; the previous one stops working immediately. */
    async replaceToken(userId: string): Promise<string> {
      const request = { registration: { applicationId }, generateAuthenticationToken: true };
      const answer = await answered(
        'PATCH /api/user/registration',
        (client) => client.patchRegistration(userId, request),
        withToken,
      );
      return answer.registration.authenticationToken;
    },
  };
}
