import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { walkCodeGrant } from '#gatehouse/fusionauth/control';
import { basic, bearer, type Headers } from '../../../measure/src/connection.js';
import type { CredentialKind } from '../modes.js';
import { type Realm, redirectUri } from './maker.js';
import type { World } from './world.js';

/** A credential as a client presents it, and FusionAuth's records behind it, if its kind has any. */
export interface Issued {
  readonly headers: Headers;
  readonly userId?: string;
  readonly email?: string;
  readonly password?: string;
  readonly sessionId?: string;
  readonly refreshToken?: string;
  readonly keyId?: string;
  /** The text of an API key or an authentication token, or a client secret. */
  readonly secret?: string;
  readonly entityId?: string;
  /** Of a machine. */
  readonly clientId?: string;
}

export interface IssueOptions {
  readonly roles?: readonly string[];
  readonly realm?: Realm;
  readonly email?: string;
}

type Wanted = Required<Pick<IssueOptions, 'roles' | 'realm'>> & Pick<IssueOptions, 'email'>;

const issuers: Record<CredentialKind, (world: World, wanted: Wanted) => Promise<Issued>> = {
  'user-token': userToken,
  'machine-token': machineToken,
  'api-key': apiKey,
  'email-token': emailToken,
};

/** Makes a user, a machine or a key, and a credential for it. */
export const issue = (world: World, kind: CredentialKind, options: IssueOptions = {}): Promise<Issued> =>
  issuers[kind](world, { roles: ['todo-reader'], realm: world.realm, ...options });

/** Issues this number of credentials, a few at a time. */
export async function issueMany(
  count: number,
  ...[world, kind, options]: Parameters<typeof issue>
): Promise<readonly Issued[]> {
  const issued: Issued[] = [];
  const worker = async () => {
    while (issued.length < count) {
      const place = issued.push({ headers: {} }) - 1;
      issued[place] = await issue(world, kind, options);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, count) }, worker));
  return issued;
}

const registered = z.object({
  user: z.object({ id: z.string() }),
  registration: z.object({ authenticationToken: z.string().optional() }),
});

/** Makes a user of the realm's application with an authentication token. */
async function newPerson(world: World, { roles, realm, email: wanted }: Wanted) {
  const email = wanted ?? `person-${randomUUID()}@example.com`;
  const password = randomBytes(16).toString('base64url');
  const { applicationId, tenantId } = realm;
  const userId = randomUUID();
  const body = {
    user: { email, password, verified: true },
    registration: { applicationId, roles, verified: true },
    generateAuthenticationToken: true,
    skipVerification: true,
    skipRegistrationVerification: true,
  };
  const answer = await world.noted({ kind: 'user', id: userId, tenant: tenantId }, () =>
    world.admin.call('POST', `/api/user/registration/${userId}`, { tenant: tenantId, body }),
  );
  const { authenticationToken: token } = registered.parse(answer).registration;
  return { userId, email, password, token };
}

async function userToken(world: World, wanted: Wanted): Promise<Issued> {
  const { userId, email, password } = await newPerson(world, wanted);
  return { ...(await logIn(world, wanted.realm, { email, password })), userId, email, password };
}

/** Logs a user in at FusionAuth's own page, as a browser would. */
async function logIn(
  { admin }: World,
  { applicationId, tenantId }: Realm,
  { email, password }: { email: string; password: string },
): Promise<Issued> {
  const tokens = await walkCodeGrant({
    url: admin.url,
    clientId: applicationId,
    tenantId,
    redirectUri,
    loginId: email,
    password,
  });
  const refreshToken = tokens.refresh_token;
  const sessionId = tokens['refresh_token_id'];
  return {
    headers: bearer(tokens.access_token),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(typeof sessionId === 'string' ? { sessionId } : {}),
  };
}

const renewed = z.object({ access_token: z.string(), refresh_token: z.string().optional() });

/** Returns the next access token of a session, without a person (RFC 6749 section 6). */
export async function renew(
  { admin }: World,
  { applicationId, clientSecret }: Realm,
  before: Issued,
): Promise<Issued> {
  const form = {
    grant_type: 'refresh_token',
    client_id: applicationId,
    client_secret: clientSecret,
    refresh_token: before.refreshToken ?? '',
  };
  const answer = renewed.parse(await admin.call('POST', '/oauth2/token', { form, authorization: '' }));
  const { refresh_token: refreshToken = before.refreshToken } = answer;
  return {
    ...before,
    headers: bearer(answer.access_token),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}

async function machineToken(world: World, { roles, realm }: Wanted): Promise<Issued> {
  const { tenantId, entityTypeId, entityId: target } = realm;
  const secret = randomBytes(24).toString('base64url');
  const clientId = randomUUID();
  const entity = { name: world.name('machine'), type: { id: entityTypeId }, clientId, clientSecret: secret };
  const entityId = await world.make('entity', '/api/entity', { entity }, tenantId);
  const grant = { grant: { recipientEntityId: entityId, permissions: roles } };
  await world.admin.call('POST', `/api/entity/${target}/grant`, { tenant: tenantId, body: grant });
  return { ...(await machineLogIn(world, realm, { clientId, secret })), entityId, clientId, secret };
}

/** Returns a token for a machine (RFC 6749 section 4.4). */
async function machineLogIn(
  { admin }: World,
  { entityId: target }: Realm,
  { clientId, secret }: { clientId: string; secret: string },
): Promise<Issued> {
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    scope: `target-entity:${target}`,
  };
  const answer = await admin.call('POST', '/oauth2/token', { form, authorization: '' });
  return { headers: bearer(renewed.parse(answer).access_token) };
}

async function apiKey(world: World, { realm }: Wanted): Promise<Issued> {
  const { id, key } = await world.newApiKey(realm.tenantId, { '/api/group': ['GET'] });
  return { headers: { 'X-API-Key': key }, keyId: id, secret: key };
}

async function emailToken(world: World, wanted: Wanted): Promise<Issued> {
  const { userId, email, password, token } = await newPerson(world, wanted);
  if (token === undefined) throw new Error('FusionAuth gave no authentication token');
  return { headers: basic(email, token), userId, email, password, secret: token };
}
