import { z } from 'zod';
import { ownerSchema } from './todo.js';

/** The caller as the API identifies it. */
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

/** The roles of credentials. `todo-auditor` can see everyone's todos; the others only their own. */
export const roles = ['todo-reader', 'todo-writer', 'todo-auditor', 'portal-admin'] as const;

export type Role = (typeof roles)[number];
