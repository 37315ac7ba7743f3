import { createHash, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { ApplicationRecord, KeyRecord, TenantRecord, UserRecord } from '../state/state.js';
import type { JwtConfiguration, User } from '../wire.js';
import type { World } from '../world.js';
import { populate, type Claims } from './populate.js';
import { signingKey } from './signing-key.js';

/** Who logged in to what, and how; from this the tokens of a person are made. */
export interface Login {
  readonly tenant: TenantRecord;
  readonly application: ApplicationRecord;
  readonly user: UserRecord;
  readonly scopes: readonly string[];
  readonly authenticationType: 'PASSWORD' | 'REFRESH_TOKEN';
  /** Seconds since the epoch. */
  readonly authTime: number;
  /** The grants that led here, oldest first. */
  readonly gty: readonly string[];
  /** Id of the refresh token, when there is one. */
  readonly sid?: string;
  readonly nonce?: string;
  /** The code the tokens are exchanged for; hashed into the ID token. */
  readonly code?: string;
  /** Shortens the configured lifetime. */
  readonly lifetimeSeconds?: number;
}

export interface UserTokens {
  readonly accessToken: string;
  readonly idToken: string | undefined;
  readonly expiresInSeconds: number;
}

/** The application's token settings replace the tenant's as a whole once they are enabled. */
export const jwtConfiguration = ({
  application,
  tenant,
}: Pick<Login, 'application' | 'tenant'>): JwtConfiguration =>
  (application.jwtConfiguration?.enabled ? application.jwtConfiguration : tenant.jwtConfiguration) ?? {};

export const lifetimeSeconds = (login: Pick<Login, 'application' | 'tenant'>): number =>
  jwtConfiguration(login).timeToLiveInSeconds ?? 3600;

/** Signs the access token and, for the scope `openid`, the ID token of a log-in. */
export async function issueUserTokens(world: World, login: Login): Promise<UserTokens> {
  const { lambdaConfiguration = {} } = login.application;
  const registration = registrationOf(login);
  const { user } = login.user;
  const { accessTokenKeyId, idTokenKeyId } = jwtConfiguration(login);
  const common = commonClaims(world, login);
  const access = populate(
    world,
    lambdaConfiguration.accessTokenPopulateId,
    { ...common, ...accessClaims(world, login) },
    user,
    registration,
  );
  const accessToken = await sign(keyOf(world, accessTokenKeyId), access, login.gty);
  const expiresInSeconds = Math.max(0, Math.floor(Number(access['exp']) - world.now() / 1000));
  if (!login.scopes.includes('openid')) return { accessToken, idToken: undefined, expiresInSeconds };
  const idKey = keyOf(world, idTokenKeyId);
  const claims = { ...common, jti: randomUUID(), ...idClaims(login, idKey, accessToken) };
  const id = populate(world, lambdaConfiguration.idTokenPopulateId, claims, user, registration);
  return { accessToken, idToken: await sign(idKey, id, login.gty), expiresInSeconds };
}

function registrationOf({ application, user }: Login) {
  return user.user.registrations.find((registration) => registration.applicationId === application.id);
}

function commonClaims(world: World, login: Login): Claims {
  const iat = Math.floor(world.now() / 1000);
  return {
    aud: login.application.id,
    exp: iat + (login.lifetimeSeconds ?? lifetimeSeconds(login)),
    iat,
    iss: login.tenant.issuer,
    sub: login.user.id,
    jti: randomUUID(),
    authenticationType: login.authenticationType,
    auth_time: login.authTime,
    tid: login.tenant.id,
    scope: login.scopes.join(' '),
    ...(login.sid === undefined ? {} : { sid: login.sid }),
  };
}

/** `applicationId` and `roles` only for the registered; e-mail claims only when scopes are not handled strictly. */
function accessClaims(world: World, login: Login): Claims {
  const registration = registrationOf(login);
  const strict = (login.application.oauthConfiguration.scopeHandlingPolicy ?? 'Strict') === 'Strict';
  return {
    ...(registration ? { applicationId: registration.applicationId, roles: registration.roles } : {}),
    ...(strict ? {} : emailClaims(login.user.user)),
    ...(world.settings.tty ? { tty: 'at' } : {}),
  };
}

function emailClaims({ email, username, verified }: User): Claims {
  return {
    ...(email === undefined ? {} : { email, email_verified: verified ?? false }),
    ...((username ?? email) === undefined ? {} : { preferred_username: username ?? email }),
  };
}

/** Claims that mark an ID token (OpenID Connect Core 1.0 sections 2 and 3.3.2.11). */
function idClaims(login: Login, key: KeyRecord, accessToken: string): Claims {
  const strict = (login.application.oauthConfiguration.scopeHandlingPolicy ?? 'Strict') === 'Strict';
  const { email, email_verified, preferred_username } = emailClaims(login.user.user);
  const claims = {
    ...(!strict || login.scopes.includes('email') ? { email, email_verified } : {}),
    ...(!strict || login.scopes.includes('profile') ? { preferred_username } : {}),
    at_hash: halfHash(key, accessToken),
    c_hash: login.code === undefined ? undefined : halfHash(key, login.code),
    nonce: login.nonce,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

function halfHash({ algorithm }: KeyRecord, value: string): string {
  const bits = algorithm === 'Ed25519' ? '512' : algorithm.slice(2);
  const digest = createHash(`sha${bits}`).update(value).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

function keyOf(world: World, keyId: string | undefined): KeyRecord {
  const key = keyId === undefined ? undefined : world.state.keys.get(keyId);
  if (!key) throw new Error(`signing key ${keyId ?? ''} does not exist`);
  return key;
}

function sign(key: KeyRecord, claims: Claims, gty: readonly string[]): Promise<string> {
  const alg = key.algorithm === 'Ed25519' ? 'EdDSA' : key.algorithm;
  return new SignJWT(claims)
    .setProtectedHeader({ alg, typ: 'JWT', kid: key.kid, gty: [...gty] })
    .sign(signingKey(key));
}
