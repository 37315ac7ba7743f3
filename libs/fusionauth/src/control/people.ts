import { z } from 'zod';
import type { ControlClient } from './client.js';

const record = z.object({
  user: z.object({
    id: z.string(),
    email: z.string().optional(),
    verified: z.boolean().default(false),
    timezone: z.string().optional(),
  }),
});

/** Somebody whom FusionAuth knows. */
export interface PersonRecord {
  readonly id: string;
  /** Undefined unless FusionAuth says that it was verified. */
  readonly email: string | undefined;
  /** IANA name. */
  readonly timeZone: string | undefined;
}

/** People who log in themselves, whom this side only looks up. */
export function people({ found }: ControlClient) {
  return {
    /** The user with this address in the tenant, verified or not; undefined when there is none. */
    byEmail: async (address: string): Promise<PersonRecord | undefined> => {
      const answer = await found('GET /api/user', (client) => client.retrieveUserByEmail(address), record);
      if (!answer) return undefined;
      const { id, email, verified, timezone } = answer.user;
      return { id, email: verified ? email : undefined, timeZone: timezone };
    },
  };
}
