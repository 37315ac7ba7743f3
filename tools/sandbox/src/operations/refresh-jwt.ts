import { z } from 'zod';
import { tenantOf } from '../access/tenant.js';
import type { Answer } from '../answer.js';
import { check } from '../body.js';
import { cookie, tokenCookies } from '../cookies.js';
import { invalidField, invalidRequest, OAuthError } from '../errors.js';
import { continueSession } from '../oauth/continue-session.js';
import type { ApplicationRecord } from '../state/state.js';
import { lifetimeSeconds } from '../tokens/claims.js';
import { sessionByToken } from '../tokens/sessions.js';
import type { RefreshedJwtBody } from '../wire.js';
import type { Call, World } from '../world.js';

const request = z.looseObject({
  refreshToken: z.string().min(1).optional(),
  timeToLiveInSeconds: z.int().min(1).optional(),
});

/** `POST /api/jwt/refresh`: needs no API key but an application with `allowTokenRefresh`; a cookie wins over the body. */
export async function refreshJwt(call: Call, world: World): Promise<Answer> {
  const wanted = check(request, call.json ?? {});
  const presented = cookie(call.headers['cookie'], 'refresh_token') ?? wanted.refreshToken;
  if (presented === undefined) throw invalidField('refreshToken', 'blank', 'There is no refresh token.');
  const session = sessionByToken(world, presented);
  const application = world.state.applications.get(session?.applicationId ?? '');
  if (!session || !application) throw invalidToken('The refresh token is unknown, expired or revoked.');
  if (!application.loginConfiguration?.allowTokenRefresh) {
    throw invalidRequest(
      'tokenRefreshDisabled',
      'The application does not allow this: see allowTokenRefresh.',
    );
  }
  const { scopes } = session;
  const seconds = shortened(world, application, wanted.timeToLiveInSeconds);
  const continuation = { application, session, presented, scopes, lifetimeSeconds: seconds };
  const { tokens, refreshToken = presented } = await continueSession(world, continuation).catch(
    (error: unknown) => {
      throw error instanceof OAuthError ? invalidToken(error.description) : error;
    },
  );
  await world.save();
  const token = tokens.accessToken;
  const body = { token, refreshToken, refreshTokenId: session.id } satisfies RefreshedJwtBody;
  const cookies = tokenCookies({ access_token: token, refresh_token: refreshToken });
  return { status: 200, body, headers: { 'set-cookie': cookies } };
}

const invalidToken = (message: string) => invalidField('refreshToken', 'invalid', message);

function shortened(world: World, application: ApplicationRecord, wanted: number | undefined): number {
  const configured = lifetimeSeconds({ application, tenant: tenantOf(world, application) });
  if (wanted === undefined || wanted <= configured) return wanted ?? configured;
  throw invalidField('timeToLiveInSeconds', 'invalid', `At most ${configured} seconds are allowed here.`);
}
