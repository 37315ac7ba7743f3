import { z } from 'zod';
import { type Call, type FusionAuthDataSettings, ownHeaders, unexpected } from './transport.js';
import { FusionAuthRefusedUs } from './unavailable.js';

const refreshTokenAnswer = z.object({
  refreshToken: z.object({ userId: z.string(), applicationId: z.string() }),
});
const userAnswer = z.object({
  user: z.object({
    active: z.boolean(),
    expiry: z.number().optional(),
    registrations: z
      .array(z.object({ applicationId: z.string(), roles: z.array(z.string()).default([]) }))
      .default([]),
  }),
});
const actionsAnswer = z.object({
  actions: z.array(z.object({ applicationIds: z.array(z.string()).default([]) })).default([]),
});
const entityAnswer = z.object({ entity: z.object({ id: z.string() }) });
const grantAnswer = z.object({ grant: z.object({ permissions: z.array(z.string()).default([]) }) });

/**
 * FusionAuth's own records behind a token, read with our narrow key. Each resolves with undefined when the record does
 * not exist (404), throws {@link FusionAuthRefusedUs} when our key is refused (401).
 */
export function sessionRecords(call: Call, settings: FusionAuthDataSettings) {
  const get = async <S extends z.ZodType>(
    operation: string,
    path: string,
    schema: S,
    signal: AbortSignal,
  ) => {
    const answer = await call(operation, { path, headers: ownHeaders(settings), signal });
    if (answer.status === 401) throw new FusionAuthRefusedUs(operation, 'FUSIONAUTH_API_KEY');
    if (answer.status === 404) return undefined;
    const record = schema.safeParse(answer.body);
    if (!record.success) throw unexpected(operation, answer);
    return record.data;
  };
  const id = encodeURIComponent;
  return {
    /** `GET /api/jwt/refresh/{tokenId}`: the session that `sid` names; gone once revoked. */
    session: async (sid: string, signal: AbortSignal) =>
      (await get('session', `/api/jwt/refresh/${id(sid)}`, refreshTokenAnswer, signal))?.refreshToken,
    /** `GET /api/user/{userId}`. */
    user: async (userId: string, signal: AbortSignal) =>
      (await get('user', `/api/user/${id(userId)}`, userAnswer, signal))?.user,
    /** `GET /api/user/action?userId=&preventingLogin=true`: the locks in force. */
    locks: async (userId: string, signal: AbortSignal) => {
      const path = `/api/user/action?userId=${id(userId)}&preventingLogin=true`;
      return (await get('user actions', path, actionsAnswer, signal))?.actions ?? [];
    },
    /** `GET /api/entity/{entityId}`. */
    entity: async (entityId: string, signal: AbortSignal) =>
      (await get('entity', `/api/entity/${id(entityId)}`, entityAnswer, signal))?.entity,
    /** `GET /api/entity/{targetId}/grant?recipientEntityId=`. */
    grant: async (targetId: string, recipientId: string, signal: AbortSignal) => {
      const path = `/api/entity/${id(targetId)}/grant?recipientEntityId=${id(recipientId)}`;
      return (await get('entity grant', path, grantAnswer, signal))?.grant;
    },
  };
}

export type SessionRecords = ReturnType<typeof sessionRecords>;
