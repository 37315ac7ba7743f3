import { randomBytes, randomUUID } from 'node:crypto';
import { walkCodeGrant } from '#gatehouse/fusionauth/control';
import { applicationId, tenantId } from '../../tools/issuer/src/token-minter.js';
import type { AdminWorld } from './contract-world.js';
import type { Issued, IssueOptions } from './mode.js';

const redirectUri = 'http://127.0.0.1:3001/callback';
export const readerRoles = ['todo-reader'];

export interface Person {
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  readonly authenticationToken: string | undefined;
}

/** Creates a user in FusionAuth, registered for the application by default. */
export async function newPerson(
  world: AdminWorld,
  { roles = readerRoles, registered = true }: IssueOptions = {},
): Promise<Person> {
  const email = `person-${randomUUID()}@example.com`;
  const password = randomBytes(16).toString('base64url');
  const user = { email, password, verified: true };
  if (!registered) {
    const created = await world.admin<{ user: { id: string } }>('POST', '/api/user', {
      user,
      skipVerification: true,
    });
    return { userId: created.user.id, email, password, authenticationToken: undefined };
  }
  const created = await world.admin<{ user: { id: string }; registration: { authenticationToken?: string } }>(
    'POST',
    '/api/user/registration',
    {
      user,
      registration: { applicationId, roles },
      generateAuthenticationToken: true,
      skipVerification: true,
    },
  );
  const { authenticationToken } = created.registration;
  return { userId: created.user.id, email, password, authenticationToken };
}

/** Logs the person in by the code grant and returns the client's tokens. */
export async function logIn(world: AdminWorld, person: Person, client = { applicationId, tenantId }) {
  return walkCodeGrant({
    url: `${world.sandbox.url}/${client.tenantId}`,
    clientId: client.applicationId,
    redirectUri,
    loginId: person.email,
    password: person.password,
    clock: world.sandbox.clock.now,
  });
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** Returns a fresh access token, and the session behind it. */
export async function issueAccessToken(world: AdminWorld, options?: IssueOptions): Promise<Issued> {
  return accessTokenOf(world, await newPerson(world, options));
}

/** Returns a fresh access token of the person, and the session behind it. */
export async function accessTokenOf(world: AdminWorld, person: Person): Promise<Issued> {
  const tokens = await logIn(world, person);
  return {
    headers: bearer(tokens.access_token),
    secrets: [tokens.access_token, tokens.id_token, tokens.refresh_token, person.password].filter(
      (secret) => secret !== undefined,
    ),
    userId: person.userId,
    email: person.email,
    password: person.password,
    sessionId: tokens['refresh_token_id'] as string,
  };
}

/** Actions of FusionAuth on the people behind user tokens and authentication tokens. */
export const personTricks = {
  async lock(world: AdminWorld, { userId }: Issued): Promise<void> {
    const userActionId = randomUUID();
    await world.admin('POST', `/api/user-action/${userActionId}`, {
      userAction: { name: `Lock ${userActionId}`, temporal: true, preventLogin: true },
    });
    const expiry = world.sandbox.clock.now() + 3_600_000;
    await world.admin('POST', '/api/user/action', {
      action: { actioneeUserId: userId, actionerUserId: userId, userActionId, expiry },
    });
  },
  async deactivate(world: AdminWorld, { userId }: Issued): Promise<void> {
    await world.admin('DELETE', `/api/user/${userId ?? ''}`);
  },
  async removeUser(world: AdminWorld, { userId }: Issued): Promise<void> {
    await world.admin('DELETE', `/api/user/${userId ?? ''}?hardDelete=true`);
  },
  async setRoles(world: AdminWorld, { userId }: Issued, roles: readonly string[]): Promise<void> {
    await world.admin('PUT', `/api/user/registration/${userId ?? ''}`, {
      registration: { applicationId, roles },
    });
  },
};

/** Returns the e-mail address that our tenant does not know. */
export const unknownEmail = (): string => `unknown-${randomUUID()}@example.com`;

/** Creates a second tenant with its own application; its credentials must not be accepted. */
export async function otherTenant(world: AdminWorld): Promise<{ tenantId: string; applicationId: string }> {
  const id = randomUUID();
  const other = randomUUID();
  await world.admin('POST', `/api/tenant/${id}`, {
    sourceTenantId: tenantId,
    tenant: { name: `Tenant ${id}` },
  });
  await world.admin('POST', `/api/application/${other}`, { application: { name: 'Other' } }, id);
  return { tenantId: id, applicationId: other };
}
