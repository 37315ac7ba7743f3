import { type Clock, isTimeZone } from '#gatehouse/platform';
import type { Refusal } from '../../core/failure.js';
import type { Principal } from '../../core/principal.js';
import type { Issued, Verdict } from '../../core/strategy.js';
import type { Members } from './compact-token.js';
import { forbidden, foreignClaims, type JwtReason, rejected } from './reasons.js';

/** The claims that a token must have. Times in seconds, as in the token. */
export interface TokenExpectation {
  /** Compared as an exact string: FusionAuth's issuer is free text and may not be a URL. */
  readonly issuer: string;
  readonly applicationId: string;
  readonly tenantId: string;
  /** The audience of machine tokens; if undefined, none is accepted. */
  readonly entityId?: string | undefined;
  readonly clockSkewSeconds: number;
  readonly maxLifetimeSeconds: number;
}

type Claims = Members;

/**
 * Judges the claims of a token whose signature is checked elsewhere. FusionAuth signs access tokens, ID tokens and
 * others with the same key and the same `typ`, so the kind of a token follows from its claims (RFC 8725 section
 * 3.12).
 */
export function judgeClaims(claims: Claims, expected: TokenExpectation, clock: Clock): Verdict {
  const problem =
    identityProblem(claims, expected) ?? timeProblem(claims, expected, clock() / 1000) ?? kindProblem(claims);
  if (problem) return rejected(problem);
  const accepted = principalFor(audienceOf(claims), claims, expected);
  if ('ok' in accepted) return accepted;
  return {
    ok: true,
    principal: accepted,
    expiresAt: ((claims['exp'] as number) + expected.clockSkewSeconds) * 1000,
    issued: issuedOf(claims),
  };
}

/**
 * Reads the times of issue and log-in. OpenID Connect Core section 2 defines `auth_time`; a value that is not an
 * instant counts as absent.
 */
function issuedOf({ iat, auth_time: logInAt }: Claims): Issued {
  const at = Math.floor(iat as number);
  return isInstant(logInAt) ? { at, logInAt: Math.floor(logInAt) } : { at };
}

function principalFor(
  audience: readonly unknown[],
  claims: Claims,
  expected: TokenExpectation,
): Principal | Refusal {
  const { applicationId, entityId } = expected;
  if (audience.includes(applicationId)) return judgeUser(claims, expected);
  if (entityId === undefined || !audience.includes(entityId)) return rejected('audience');
  return judgeMachine(claims, expected, audience.length === 1);
}

function identityProblem(claims: Claims, expected: TokenExpectation): JwtReason | undefined {
  const { jti = 'none' } = claims;
  if (claims['iss'] !== expected.issuer) return 'issuer';
  if (!isIdentifier(claims['sub'])) return 'subject';
  if (claims['tid'] !== expected.tenantId) return 'tenant';
  if (!isIdentifier(jti)) return 'token-id';
  return undefined;
}

/** Checks the times (RFC 7519 sections 4.1.4 to 4.1.6), all with the same allowance for clocks that differ. */
function timeProblem(claims: Claims, expected: TokenExpectation, now: number): JwtReason | undefined {
  const { exp, iat, nbf = 0 } = claims;
  if (!isInstant(exp) || !isInstant(iat) || !isInstant(nbf)) return 'times';
  if (exp + expected.clockSkewSeconds <= now) return 'expired';
  if (nbf - expected.clockSkewSeconds > now) return 'not-yet-valid';
  if (iat - expected.clockSkewSeconds > now) return 'issued-in-the-future';
  if (exp <= Math.max(iat, nbf)) return 'times';
  return exp - iat > expected.maxLifetimeSeconds ? 'lifetime' : undefined;
}

const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

function kindProblem(claims: Claims): JwtReason | undefined {
  const foreign = foreignClaims.find((name) => Object.hasOwn(claims, name));
  if (foreign) return `claim-${foreign}`;
  return claims['tty'] === undefined || claims['tty'] === 'at' ? undefined : 'token-kind';
}

function audienceOf(claims: Claims): readonly unknown[] {
  const { aud } = claims;
  return Array.isArray(aud) && aud.every((member) => typeof member === 'string') ? aud : [aud];
}

/**
 * Judges a user's token. FusionAuth writes `applicationId` and `roles` only for a registered user, so they prove the
 * registration.
 */
function judgeUser(claims: Claims, expected: TokenExpectation): Principal | Refusal {
  if (Object.hasOwn(claims, 'permissions')) return rejected('token-kind');
  const { applicationId, roles } = claims;
  if (applicationId === undefined) return forbidden('not-registered');
  if (applicationId !== expected.applicationId) return rejected('application');
  if (!isStrings(roles)) return rejected('roles');
  const principal = principalOf(claims, 'user', roles);
  const { email, zoneinfo } = claims;
  if (isEmail(email) && claims['email_verified'] === true) principal.email = email;
  if (isTimeZone(zoneinfo)) principal.timeZone = zoneinfo;
  return principal;
}

/**
 * Judges a client-credentials token, whose audience includes our entity. Only permissions for our entity count. A map
 * lists them by entity; a plain list does not say whose they are, so it counts only if we are the only audience (RFC
 * 9700 section 2.3).
 */
function judgeMachine(claims: Claims, expected: TokenExpectation, oursAlone: boolean): Principal | Refusal {
  const { applicationId, entityId = '' } = expected;
  const { permissions } = claims;
  if (Object.hasOwn(claims, 'applicationId') || claims['sub'] === applicationId)
    return rejected('token-kind');
  if (!isMap(permissions) && !oursAlone) return rejected('permissions');
  const granted: unknown = isMap(permissions)
    ? Object.hasOwn(permissions, entityId)
      ? permissions[entityId]
      : []
    : permissions;
  if (!isStrings(granted)) return rejected('permissions');
  return principalOf(claims, 'machine', granted);
}

type Draft = { -readonly [Member in keyof Principal]: Principal[Member] };

/** Creates the principal member by member, which avoids intermediate objects for each token. */
function principalOf(claims: Claims, kind: Principal['kind'], roles: readonly string[]): Draft {
  const { jti, sid, sub } = claims as { jti?: unknown; sid?: unknown; sub: string };
  const principal: Draft = {
    subject: sub,
    issuer: claims['iss'] as string,
    kind,
    via: 'jwt',
    tenantId: claims['tid'] as string,
    roles,
    credentialId: isText(jti) ? jti : isText(sid) ? sid : sub,
  };
  if (isText(sid)) principal.sessionId = sid;
  return principal;
}

const isText = (value: unknown): value is string => typeof value === 'string';

/**
 * Tells whether it is visible ASCII of at most 255 characters (OpenID Connect Core section 2), because it is used as
 * a key of rows and in logs.
 */
const isIdentifier = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value);

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Accepts neither white space nor control characters. */
const isEmail = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length <= 254 &&
  /^[^\0- @\x7f-\xa0\s]+@[^\0- @\x7f-\xa0\s]+$/.test(value);
