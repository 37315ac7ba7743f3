import { z } from 'zod';
import type { ControlClient } from './client.js';

const listed = z.object({ refreshTokens: z.array(z.object({ id: z.string() })).default([]) });

const record = z.object({ refreshToken: z.object({ userId: z.string() }) });

/** The sessions of users. Each is a refresh token; the one of single sign-on belongs to no application. */
export function sessions({ answered, found, removed }: ControlClient) {
  /** Returns the id of its user; undefined once the session has ended. */
  const userOf = async (id: string): Promise<string | undefined> =>
    (await found('GET /api/jwt/refresh', (client) => client.retrieveRefreshTokenById(id), record))
      ?.refreshToken.userId;
  const of = async (userId: string): Promise<readonly string[]> => {
    const answer = await answered(
      'GET /api/jwt/refresh',
      (client) => client.retrieveRefreshTokens(userId),
      listed,
    );
    return answer.refreshTokens.map(({ id }) => id);
  };
  return {
    userOf,
    /** Ends this session and no other of its user; succeeds where it has ended. */
    end: (id: string) =>
      removed(
        'DELETE /api/jwt/refresh',
        (client) => client.revokeRefreshTokenById(id),
        async () => (await userOf(id)) === undefined,
      ),
    /**
     * Ends every session of an existing user, in all applications, and resolves with their number: at most a
     * thousand, because FusionAuth lists no more. A session that begins meanwhile may survive.
     */
    async endAll(userId: string): Promise<number> {
      const before = await of(userId);
      const areGone = async () => {
        const left = new Set(await of(userId));
        return !before.some((id) => left.has(id));
      };
      await removed(
        'DELETE /api/jwt/refresh',
        (client) => client.revokeRefreshTokensByUserId(userId),
        areGone,
      );
      return before.length;
    },
  };
}
