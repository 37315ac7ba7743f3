import { z } from 'zod';
import { withApiKey } from '../access/api-key.js';
import { namedTenant, requireTenant } from '../access/tenant.js';
import { type Answer, empty, invalidField } from '../answer.js';
import { readBody } from '../body.js';
import { tokenCookies } from '../cookies.js';
import type { ApiRequest, Instance } from '../instance.js';
import type {
  ApplicationRecord,
  RefreshTokenRecord,
  TenantRecord,
  UserActionLogRecord,
} from '../state/state.js';
import { issueLoginToken } from '../tokens/login-token.js';
import { createRefreshToken } from '../tokens/refresh-token.js';
import { logIn, type LogInResult } from '../users/log-in.js';
import { registrationFor } from '../users/registrations.js';
import type { LoginBody } from '../wire.js';

const addressed = z.looseObject({ applicationId: z.guid().toLowerCase().optional() });
const requestBody = addressed.extend({
  loginId: z.string().min(1),
  loginIdTypes: z.array(z.enum(['email', 'phoneNumber', 'username'])).default(['email', 'username']),
  password: z.string().min(1),
  ipAddress: z.string().optional(),
  noJWT: z.boolean().default(false),
});

type Wanted = z.output<typeof requestBody>;
type Accepted = Extract<LogInResult, { outcome: 'accepted' }>;

interface Target {
  readonly tenant: TenantRecord;
  readonly application: ApplicationRecord | undefined;
}

/** `POST /api/login`. Of its 2xx answers only 200 is a log-in to the application. */
export async function login(request: ApiRequest, instance: Instance): Promise<Answer> {
  const { request: known, ...target } = findTarget(request, instance);
  const wanted = readBody(known, requestBody);
  const { tenant, application } = target;
  const result = await logIn(instance, {
    request,
    tenantId: tenant.id,
    applicationId: application?.id,
    loginId: wanted.loginId,
    password: wanted.password,
    identities: wanted.loginIdTypes,
    acceptsAuthenticationToken: application?.authenticationTokenConfiguration?.enabled === true,
  });
  if (result.outcome === 'prevented') return { status: 409, body: prevented(result.actions) };
  if (result.outcome === 'gated') return result.step;
  if (result.outcome !== 'accepted') return empty(refusals[result.outcome]);
  const address = wanted.ipAddress ?? request.headers['x-forwarded-for']?.split(',')[0]?.trim();
  return accept(instance, target, result, wanted, address);
}

/** An unknown log-in id and a wrong password get the same answer. */
const refusals = { refused: 404, expired: 410, locked: 423 };

/**
 * Returns the tenant and application of the log-in, and whether it needs an API key: by default it does. Throws 401 or
 * 400.
 */
function findTarget(request: ApiRequest, instance: Instance): Target & { request: ApiRequest } {
  const { applicationId } = readBody(request, addressed);
  const { applications, tenants, defaultTenantId } = instance.state;
  const application = applications.get(applicationId ?? '');
  const known =
    applicationId === undefined
      ? keyed(request, instance, tenants.get(namedTenant(request, instance) ?? defaultTenantId))
      : keyed(request, instance, application);
  const tenantId = application?.tenantId ?? requireTenant(known, instance);
  const elsewhere = (namedTenant(known, instance) ?? tenantId) !== tenantId;
  if (elsewhere || (applicationId !== undefined && !application?.active))
    throw invalidField('applicationId', 'invalid', 'There is no such active application in this tenant.');

  return { request: known, tenant: tenants.get(tenantId) as TenantRecord, application };
}

/** Returns the request with its API key where the application, or without one the tenant, requires it. */
const keyed = (
  request: ApiRequest,
  instance: Instance,
  rules: { loginConfiguration?: { requireAuthentication?: boolean | undefined } | undefined } | undefined,
): ApiRequest =>
  rules?.loginConfiguration?.requireAuthentication === false
    ? request
    : withApiKey(request, instance, 'POST', '/api/login');

async function accept(
  instance: Instance,
  target: Target,
  { user, authenticationType }: Accepted,
  { noJWT }: Wanted,
  address: string | undefined,
): Promise<Answer> {
  const { application } = target;
  const registered = registrationFor(user, application?.id) !== undefined;
  const status = application && !registered ? 202 : 200;
  if (noJWT) return { status, body: { user: user.user } satisfies LoginBody };
  const session = registered ? startSession(instance, application, user.id, address) : undefined;
  const login = { ...target, user, authenticationType, sid: session?.id };
  const { token, expiresAt } = await issueLoginToken(instance, login);
  const body = {
    user: user.user,
    token,
    tokenExpirationInstant: expiresAt,
    refreshToken: session?.token,
    refreshTokenId: session?.id,
  } satisfies LoginBody;
  return {
    status,
    body,
    headers: { 'set-cookie': tokenCookies({ access_token: token, refresh_token: session?.token }) },
  };
}

/** Creates a refresh token if the application issues any through its Login API: by default it does not. */
function startSession(
  instance: Instance,
  application: ApplicationRecord | undefined,
  userId: string,
  address: string | undefined,
): RefreshTokenRecord | undefined {
  if (!application?.loginConfiguration?.generateRefreshTokens) return undefined;
  const { id: applicationId, tenantId } = application;
  const authTime = Math.floor(instance.now() / 1000);
  const session = { userId, applicationId, tenantId, scopes: [], gty: [], authTime, pkce: false };
  return createRefreshToken(
    instance.state,
    { ...session, ...(address === undefined ? {} : { address }) },
    instance.now(),
  );
}

const prevented = (actions: readonly UserActionLogRecord[]) =>
  ({
    actions: actions.map(({ id, actionerUserId, expiry, name, option, reason, reasonCode }) => ({
      actionId: id,
      actionerUserId,
      expiry,
      name,
      localizedName: name,
      option,
      reason,
      reasonCode,
    })),
  }) satisfies LoginBody;
