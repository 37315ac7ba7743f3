import { z } from 'zod';
import type { ControlClient } from './client.js';

const listed = z.object({ refreshTokens: z.array(z.object({ id: z.string() })).default([]) });

/** The sessions of users. Each is a refresh token; the one of single sign-on belongs to no application. */
export function sessions({ answered, removed }: ControlClient) {
  const of = async (userId: string): Promise<readonly string[]> => {
    const answer = await answered(
      'GET /api/jwt/refresh',
      (client) => client.retrieveRefreshTokens(userId),
      listed,
    );
    return answer.refreshTokens.map(({ id }) => id);
  };
  return {
    /**
     * Ends every session of a user who exists, in all applications, and resolves with how many there were: a thousand at
     * most, since FusionAuth lists no more. One that begins meanwhile may live on.
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
