import { z } from 'zod';
import { tenantOf } from '../access/tenant.js';
import { type Answer, invalidField, invalidRequest, OAuthError, ok, unauthorized } from '../answer.js';
import { check } from '../body.js';
import { cookie, tokenCookies } from '../cookies.js';
import type { ApiRequest, Instance } from '../instance.js';
import { continueSession, knownScopes } from '../oauth/refresh-grant.js';
import type { ApplicationRecord } from '../state/state.js';
import { jwtConfiguration, lifetimeSeconds } from '../tokens/claims.js';
import { isCurrent, isStillValid, presentedToken, type ReadToken, readToken } from '../tokens/read-token.js';
import { findSession, sessionEverWith } from '../tokens/refresh-token.js';
import type { JwtBody, RefreshedJwtBody } from '../wire.js';

/**
 * `GET /api/jwt/validate`: checks signature and time of any application's and any tenant's token, and nothing else
 * unless `strictIntrospection` is on.
 */
export async function validate(request: ApiRequest, instance: Instance): Promise<Answer> {
  const { claims } = await requireToken(request, instance);
  return ok({ jwt: claims } satisfies JwtBody);
}

/** Returns the valid token that a request carries. Throws 401 with an empty body. */
export async function requireToken({ headers }: ApiRequest, instance: Instance): Promise<ReadToken> {
  const token = presentedToken(headers);
  const read = token === undefined ? undefined : await readToken(instance, token);
  if (!read || !isCurrent(read.claims, instance.now())) throw unauthorized();
  if (instance.settings.strictIntrospection && !isStillValid(instance, read)) throw unauthorized();
  return read;
}

const requestBody = z.looseObject({
  refreshToken: z.string().min(1).optional(),
  timeToLiveInSeconds: z.int().min(1).optional(),
});

/**
 * `POST /api/jwt/refresh`: needs no API key but an application with `allowTokenRefresh`; a cookie takes precedence over
 * the body.
 */
export async function refreshJwt(request: ApiRequest, instance: Instance): Promise<Answer> {
  const wanted = check(requestBody, request.json ?? {});
  const presented = cookie(request.headers['cookie'], 'refresh_token') ?? wanted.refreshToken;
  if (presented === undefined) throw invalidField('refreshToken', 'blank', 'There is no refresh token.');
  const { applicationId = '' } = sessionEverWith(instance.state, presented) ?? {};
  const application = instance.state.applications.get(applicationId);
  if (!application?.active) throw invalidToken('The refresh token is unknown, expired or revoked.');
  if (!application.loginConfiguration?.allowTokenRefresh) {
    throw invalidRequest(
      'tokenRefreshDisabled',
      'The application does not allow this: see allowTokenRefresh.',
    );
  }
  const seconds = shortened(instance, application, wanted.timeToLiveInSeconds);
  const { session, tokens, refreshToken } = await continued(instance, application, presented, seconds).catch(
    (error: unknown) => {
      throw error instanceof OAuthError ? invalidToken(error.description) : error;
    },
  );
  await instance.save();
  const token = tokens.accessToken;
  const body = { token, refreshToken, refreshTokenId: session.id } satisfies RefreshedJwtBody;
  const cookies = tokenCookies({ access_token: token, refresh_token: refreshToken });
  return { status: 200, body, headers: { 'set-cookie': cookies } };
}

async function continued(
  instance: Instance,
  application: ApplicationRecord,
  presented: string,
  lifetimeSeconds: number,
) {
  const policy = jwtConfiguration({ application, tenant: tenantOf(instance, application) });
  const session = findSession(instance.state, presented, application.id, policy, instance.now());
  const scopes = knownScopes(instance, session, application);
  const { resources = [] } = session;
  const continuation = { application, session, presented, scopes, resources, lifetimeSeconds };
  const { tokens, refreshToken = presented } = await continueSession(instance, continuation);
  return { session, tokens, refreshToken };
}

const invalidToken = (message: string) => invalidField('refreshToken', 'invalid', message);

function shortened(instance: Instance, application: ApplicationRecord, wanted: number | undefined): number {
  const configured = lifetimeSeconds({ application, tenant: tenantOf(instance, application) });
  if (wanted === undefined || wanted <= configured) return wanted ?? configured;
  throw invalidField('timeToLiveInSeconds', 'invalid', `At most ${configured} seconds are allowed here.`);
}
