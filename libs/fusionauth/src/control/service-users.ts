import { z } from 'zod';
import { FusionAuthUnavailable } from '../unavailable.js';
import type { ControlClient } from './client.js';

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
    active: z.boolean(),
    expiry: z.number().optional(),
    registrations: z
      .array(z.object({ applicationId: z.string(), roles: z.array(z.string()).default([]) }))
      .default([]),
  }),
});

/** A user of FusionAuth that stands for a client, as far as it matters here. */
export interface ServiceUserRecord {
  readonly active: boolean;
  /** Undefined when it is not registered for the application. */
  readonly roles: readonly string[] | undefined;
}

interface Ids {
  readonly tenantId: string;
  readonly applicationId: string;
}

/** Users that stand for clients: each one credential's, so that ending the user ends the credential. */
export function serviceUsers(control: ControlClient, ids: Ids) {
  const { client, found, gone } = control;
  const { applicationId } = ids;
  return {
    ...registering(control, ids),
    /** When the authentication token is to end, by the API's own reading. */
    expireToken: (userId: string, expiresAt: number) =>
      gone(
        'PATCH /api/user/registration',
        client.patchRegistration(userId, { registration: { applicationId, data: { expiresAt } } }),
      ),
    /** When FusionAuth lets it log in and refresh no more; a user that is gone has ended. */
    expire: (userId: string, expiresAt: number) =>
      gone('PATCH /api/user', client.patchUser(userId, { user: { expiry: expiresAt } })),
    read: async (userId: string): Promise<ServiceUserRecord | undefined> => {
      const answer = await found('GET /api/user', client.retrieveUser(userId));
      if (!answer) return undefined;
      const { active, registrations } = record.parse(answer).user;
      return { active, roles: registrations.find((one) => one.applicationId === applicationId)?.roles };
    },
    /** The user with this address in the tenant; undefined when there is none. */
    idOf: async (email: string): Promise<string | undefined> => {
      const answer = await found('GET /api/user', client.retrieveUserByEmail(email));
      return answer?.user?.id;
    },
    /** For good, with its sessions. */
    remove: (userId: string) => gone('DELETE /api/user', client.deleteUser(userId)),
  };
}

function registering({ client, answered }: ControlClient, { tenantId, applicationId }: Ids) {
  const register = async (user: NewServiceUser, registration: object, withToken: boolean) => {
    const { id, email, password, fullName, roles, expiresAt } = user;
    const expiry = expiresAt === undefined ? {} : { expiry: expiresAt };
    const request: object = {
      user: { email, password, fullName, tenantId, verified: true, ...expiry },
      registration: { applicationId, roles: [...roles], verified: true, ...registration },
      generateAuthenticationToken: withToken,
      skipVerification: true,
      skipRegistrationVerification: true,
    };
    return answered('POST /api/user/registration', client.register(id, request as never));
  };
  return {
    /** One call, so that no killed process leaves a user without its registration. */
    async make(user: NewServiceUser): Promise<void> {
      await register(user, {}, false);
    },
    /** The same with an authentication token, which it resolves with. FusionAuth keeps `tokenExpiresAt` but does not act on it. */
    async makeWithToken(user: NewServiceUser, tokenExpiresAt?: number): Promise<string> {
      const data = tokenExpiresAt === undefined ? {} : { data: { expiresAt: tokenExpiresAt } };
      return tokenOf(await register(user, data, true));
    },
    /** Gives a registration a new authentication token; the one before stops working at once. */
    async replaceToken(userId: string): Promise<string> {
      const request = { registration: { applicationId }, generateAuthenticationToken: true };
      return tokenOf(
        await answered('PATCH /api/user/registration', client.patchRegistration(userId, request)),
      );
    },
  };
}

function tokenOf({ registration }: { registration?: { authenticationToken?: string } }): string {
  if (registration?.authenticationToken) return registration.authenticationToken;
  throw new FusionAuthUnavailable('authentication token', { status: 200, milliseconds: 0 });
}
