import { z } from 'zod';
import { ownerSchema } from './todo.js';

/** The caller as the API sees it. */
export const meSchema = z.object({
  subject: z.string(),
  kind: z.enum(['user', 'machine']),
  /** The strategy that verified the credential. */
  via: z.string(),
  roles: z.array(z.string()),
  email: z.string().nullable(),
  owner: ownerSchema,
});
export type Me = z.output<typeof meSchema>;
