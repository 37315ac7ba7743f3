import { z } from 'zod';
import type { ControlClient, ControlSettings } from './client.js';

export interface NewServiceUser {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly fullName: string;
  readonly roles: readonly string[];
  /** After which FusionAuth lets it log in no more; milliseconds since the epoch. */
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

/** A user of FusionAuth that stands for a client, as far as it matters here. */
export interface ServiceUserRecord {
  readonly email: string | undefined;
  readonly active: boolean;
  /** Undefined when it is not registered for the application. */
  readonly roles: readonly string[] | undefined;
}

/** Users that stand for clients: each one credential's, so that ending the user ends the credential. */
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
    /** When the authentication token is to end, by the API's own reading; without a registration there is none. */
    expireToken: (userId: string, expiresAt: number) =>
      changed(
        'PATCH /api/user/registration',
        (client) =>
          client.patchRegistration(userId, { registration: { applicationId, data: { expiresAt } } }),
        z.object({ registration: z.object({ data: z.object({ expiresAt: z.literal(expiresAt) }) }) }),
        async () => (await read(userId))?.roles === undefined,
      ),
    /** When FusionAuth lets it log in and refresh no more; a user that is gone has ended. */
    expire: (userId: string, expiresAt: number) =>
      changed(
        'PATCH /api/user',
        (client) => client.patchUser(userId, { user: { expiry: expiresAt } }),
        z.object({ user: z.object({ expiry: z.literal(expiresAt) }) }),
        isGone(userId),
      ),
    read,
    /** For good, with its sessions. */
    remove: (userId: string) =>
      removed('DELETE /api/user', (client) => client.deleteUser(userId), isGone(userId)),
  };
}

type Read = (userId: string) => Promise<ServiceUserRecord | undefined>;

const changing = ({ answered, removed }: ControlClient, applicationId: string, read: Read) => ({
  /** FusionAuth appends to the roles that are there. */
  async addRole(userId: string, role: string): Promise<void> {
    await answered(
      'PATCH /api/user/registration',
      (client) => client.patchRegistration(userId, { registration: { applicationId, roles: [role] } }),
      registered,
    );
  },
  /** Takes the user action on it, by itself, until `expiry`. */
  async lock(userId: string, userActionId: string, expiry: number): Promise<void> {
    const action = { actioneeUserId: userId, actionerUserId: userId, userActionId, expiry };
    await answered('POST /api/user/action', (client) => client.actionUser({ action }), taken);
  },
  /** It stays, and logs in no more. */
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
    /** One call, so that no killed process leaves a user without its registration. */
    async make(user: NewServiceUser): Promise<void> {
      await register(user, { generateAuthenticationToken: false }, registered);
    },
    /** The same with an authentication token, which it resolves with. FusionAuth keeps `tokenExpiresAt` but does not act on it. */
    async makeWithToken(user: NewServiceUser, tokenExpiresAt?: number): Promise<string> {
      const data = tokenExpiresAt === undefined ? {} : { data: { expiresAt: tokenExpiresAt } };
      const more = { registration: data, generateAuthenticationToken: true };
      return (await register(user, more, withToken)).registration.authenticationToken;
    },
    /**
     * Gives a registration the authentication token that is named, else a new one, and resolves with it. One that it had
     * before stops working at once.
     */
    async replaceToken(userId: string, authenticationToken?: string): Promise<string> {
      const request =
        authenticationToken === undefined
          ? { registration: { applicationId }, generateAuthenticationToken: true }
          : { registration: { applicationId, authenticationToken } };
      const answer = await answered(
        'PATCH /api/user/registration',
        (client) => client.patchRegistration(userId, request),
        withToken,
      );
      return answer.registration.authenticationToken;
    },
  };
}
