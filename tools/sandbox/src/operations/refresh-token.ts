import { z } from 'zod';
import { withApiKey } from '../access/api-key.js';
import { requireVisible } from '../access/tenant.js';
import { type Answer, empty, invalidRequest, notFound, ok, unauthorized } from '../answer.js';
import { check, idParam } from '../body.js';
import { cookie } from '../cookies.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { RefreshTokenRecord } from '../state/state.js';
import { describeSession, isLive, revokeSessions, sessionById, sessionByToken } from '../tokens/sessions.js';
import { announce } from '../webhooks/announce.js';
import { sessionRevoked, sessionsRevoked } from '../webhooks/events.js';
import type { RefreshTokenBody } from '../wire.js';
import { requireToken } from './jwt.js';

const maximumListed = 1000;
const id = z.guid().toLowerCase().optional();
const revocation = z.looseObject({ applicationId: id, userId: id, token: z.string().min(1).optional() });

/** `GET /api/jwt/refresh/{tokenId}`: 404 for a revoked one; or `?userId=` for the newest thousand of a user. */
export function retrieveRefreshToken(request: ApiRequest, instance: Instance): Answer {
  const tokenId = idParam(request, 'tokenId');
  if (tokenId !== undefined) {
    const session = requireVisible(request, instance, sessionById(instance, tokenId));
    return ok({ refreshToken: describeSession(session) } satisfies RefreshTokenBody);
  }
  const userId = request.query.get('userId')?.toLowerCase();
  if (!userId) throw invalidRequest('blank', 'Name a refresh token by its id, or a user by userId.');
  requireVisible(request, instance, instance.state.users.get(userId));
  const sessions = [...instance.state.refreshTokens.values()]
    .filter((session) => session.userId === userId && isLive(instance, session))
    .sort((left, right) => right.startInstant - left.startInstant)
    .slice(0, maximumListed);
  return ok({ refreshTokens: sessions.map(describeSession) } satisfies RefreshTokenBody);
}

/** `DELETE /api/jwt/refresh/{tokenId}`, or by `userId`, `applicationId`, both, or `token`: query, form or JSON. */
export async function revokeRefreshToken(request: ApiRequest, instance: Instance): Promise<Answer> {
  const tokenId = idParam(request, 'tokenId');
  const { applicationId, userId, token } = wanted(request);
  const one = tokenId !== undefined || token !== undefined;
  const owns = await rightToRevoke(request, instance, one);
  if (one) {
    const session =
      tokenId === undefined ? sessionByToken(instance, token ?? '') : sessionById(instance, tokenId);
    if (!session || !owns(session)) throw notFound();
    const events = [sessionRevoked(instance, session)];
    const revoke = () => revokeSessions(instance, (other) => other.id === session.id);
    await announce(instance, events, revoke, request);
    return empty(200);
  }
  if (userId === undefined && applicationId === undefined)
    throw invalidRequest('blank', 'Name what to revoke by tokenId, token, userId or applicationId.');

  const where = (session: RefreshTokenRecord) =>
    owns(session) &&
    (userId ?? session.userId) === session.userId &&
    (applicationId ?? session.applicationId) === session.applicationId;
  const events = sessionsRevoked(instance, where, { userId, applicationId });
  await announce(instance, events, () => revokeSessions(instance, where), request);
  return empty(200);
}

function wanted({ query, form, json }: ApiRequest) {
  const fields = { ...Object.fromEntries(query), ...Object.fromEntries(form) };
  return check(revocation, typeof json === 'object' ? { ...fields, ...json } : fields);
}

/**
 * Returns the sessions that the caller may revoke: a single token may be revoked with its owner's JWT too, in the header
 * or the cookie. Throws 401.
 */
async function rightToRevoke(
  request: ApiRequest,
  instance: Instance,
  one: boolean,
): Promise<(session: RefreshTokenRecord) => boolean> {
  const { authorization, cookie: cookies } = request.headers;
  // An API key takes precedence over the cookie.
  if (/^bearer /i.test(authorization ?? '') || (!authorization && cookie(cookies, 'access_token'))) {
    const { claims } = await requireToken(request, instance);
    if (!one) throw unauthorized();
    return ({ userId }) => userId === claims['sub'];
  }
  const { apiKey } = withApiKey(request, instance, 'DELETE', '/api/jwt/refresh');
  return ({ tenantId }) => (apiKey?.tenantId ?? tenantId) === tenantId;
}
