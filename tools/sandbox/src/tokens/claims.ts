import { createHash, randomUUID } from 'node:crypto';
import type { Instance } from '../instance.js';
import type {
  ApplicationRecord,
  KeyRecord,
  RegistrationRecord,
  TenantRecord,
  UserRecord,
} from '../state/state.js';
import { rolesOf } from '../users/memberships.js';
import type { JwtConfiguration } from '../wire.js';
import type { Claims } from './populate.js';

export type AuthenticationType = 'APPLICATION_TOKEN' | 'PASSWORD' | 'REFRESH_TOKEN';

/** A log-in: the user, the application and the method, from which the tokens are made. */
export interface Login {
  readonly tenant: TenantRecord;
  readonly application: ApplicationRecord;
  readonly user: UserRecord;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly authenticationType: AuthenticationType;
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

/** The application and tenant whose settings apply to a token. */
export interface Issuing {
  readonly tenant: TenantRecord;
  readonly application?: ApplicationRecord | undefined;
}

/**
 * Returns the application's token settings if they are enabled, which then replace the tenant's completely, else the
 * tenant's.
 */
export const jwtConfiguration = ({ application, tenant }: Issuing): JwtConfiguration =>
  (application?.jwtConfiguration?.enabled ? application.jwtConfiguration : tenant.jwtConfiguration) ?? {};

/** Returns whether both settings name the same signing keys for access and ID tokens; disabled settings name none. */
export const sameSigningKeys = (left: JwtConfiguration = {}, right: JwtConfiguration = {}): boolean =>
  left.enabled === right.enabled &&
  left.accessTokenKeyId === right.accessTokenKeyId &&
  left.idTokenKeyId === right.idTokenKeyId;

export const lifetimeSeconds = (login: Issuing): number =>
  jwtConfiguration(login).timeToLiveInSeconds ?? 3600;

export function registrationOf({ application, user }: Login): RegistrationRecord | undefined {
  return user.user.registrations.find((registration) => registration.applicationId === application.id);
}

/** Returns the claims that access and ID tokens share. */
export function commonClaims(instance: Instance, login: Login): Claims {
  const iat = Math.floor(instance.now() / 1000);
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

/**
 * Returns the claims that only access tokens have: the resources in `aud`, after the client; `applicationId` and `roles`
 * only for registered users; e-mail claims only when scopes are not handled strictly.
 */
export function accessClaims(instance: Instance, login: Login): Claims {
  const registration = registrationOf(login);
  const strict = (login.application.oauthConfiguration.scopeHandlingPolicy ?? 'Strict') === 'Strict';
  return {
    ...(login.resources.length > 0 ? { aud: [login.application.id, ...login.resources] } : {}),
    ...(registration
      ? { applicationId: registration.applicationId, roles: rolesOf(instance, login.user, registration) }
      : {}),
    ...(strict ? {} : emailClaims(login.user.user)),
    ...(instance.settings.tty ? { tty: 'at' } : {}),
  };
}

export function emailClaims({ email, username, verified }: UserRecord['user']): Claims {
  return {
    ...(email === undefined ? {} : { email, email_verified: verified ?? false }),
    ...((username ?? email) === undefined ? {} : { preferred_username: username ?? email }),
  };
}

/**
 * Returns the claims about a person that scopes open where they are handled strictly, with undefined ones (OpenID
 * Connect Core 1.0 section 5.4).
 */
export function claimsByScope(user: UserRecord['user'], scopes: readonly string[]): Claims {
  const { email, email_verified, preferred_username } = emailClaims(user);
  const profile = {
    birthdate: user.birthDate,
    family_name: user.lastName,
    given_name: user.firstName,
    locale: user.preferredLanguages?.[0],
    middle_name: user.middleName,
    name: user.fullName,
    picture: user.imageUrl,
    preferred_username,
    zoneinfo: user.timezone,
  };
  return {
    ...(scopes.includes('email') ? { email, email_verified } : {}),
    ...(scopes.includes('phone') ? { phone_number: user.phoneNumber ?? user.mobilePhone } : {}),
    ...(scopes.includes('profile') ? profile : {}),
  };
}

/** Returns the claims that mark an ID token (OpenID Connect Core 1.0 sections 2 and 3.3.2.11). */
export function idClaims(login: Login, key: KeyRecord, accessToken: string): Claims {
  const strict = (login.application.oauthConfiguration.scopeHandlingPolicy ?? 'Strict') === 'Strict';
  const { user } = login.user;
  const claims = {
    ...(strict ? claimsByScope(user, login.scopes) : emailClaims(user)),
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
