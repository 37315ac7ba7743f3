import { z } from 'zod';
import { ownReader } from './own-reader.js';
import type { Call, FusionAuthDataSettings } from './transport.js';

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
const userActionAnswer = z.object({ userAction: z.object({ preventLogin: z.boolean() }) });
const entityAnswer = z.object({ entity: z.object({ id: z.string() }) });
const grantAnswer = z.object({ grant: z.object({ permissions: z.array(z.string()).default([]) }) });

/** Reads FusionAuth's own records about tokens and events, each with {@link ownReader}. */
export function sessionRecords(call: Call, settings: FusionAuthDataSettings) {
  const get = ownReader(call, settings);
  const id = encodeURIComponent;
  return {
    /** Reads `GET /api/jwt/refresh/{tokenId}`: the session named by `sid`; undefined once it is revoked. */
    session: async (sid: string, signal?: AbortSignal) =>
      (await get('session', `/api/jwt/refresh/${id(sid)}`, refreshTokenAnswer, signal))?.refreshToken,
    /** Reads `GET /api/user/{userId}`. */
    user: async (userId: string, signal: AbortSignal) =>
      (await get('user', `/api/user/${id(userId)}`, userAnswer, signal))?.user,
    /** Reads `GET /api/user/action?userId=&preventingLogin=true`: the active locks. */
    locks: async (userId: string, signal: AbortSignal) => {
      const path = `/api/user/action?userId=${id(userId)}&preventingLogin=true`;
      return (await get('user actions', path, actionsAnswer, signal))?.actions ?? [];
    },
    /**
     * Reads `GET /api/user-action/{userActionId}`: the effect of an action on a user. FusionAuth permits this only
     * for keys that are not bound to a tenant, and refuses ours.
     */
    userAction: async (actionId: string, signal: AbortSignal) => {
      const answer = await get('user action', `/api/user-action/${id(actionId)}`, userActionAnswer, signal);
      return answer && { preventsLogin: answer.userAction.preventLogin };
    },
    /** Reads `GET /api/entity/{entityId}`. */
    entity: async (entityId: string, signal: AbortSignal) =>
      (await get('entity', `/api/entity/${id(entityId)}`, entityAnswer, signal))?.entity,
    /** Reads `GET /api/entity/{targetId}/grant?recipientEntityId=`. */
    grant: async (targetId: string, recipientId: string, signal: AbortSignal) => {
      const path = `/api/entity/${id(targetId)}/grant?recipientEntityId=${id(recipientId)}`;
      return (await get('entity grant', path, grantAnswer, signal))?.grant;
    },
  };
}

export type SessionRecords = ReturnType<typeof sessionRecords>;
