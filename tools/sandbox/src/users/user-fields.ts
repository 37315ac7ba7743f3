import { z } from 'zod';
import { isTimeZone } from '#gatehouse/platform';
import type { User } from '../wire.js';

/** The fields of a user that the sandbox itself relies on; the others are kept as they come. */
export const userFields = z.looseObject({
  email: z.email().optional(),
  username: z.string().min(1).optional(),
  password: z.string().optional(),
  timezone: z.string().refine(isTimeZone, 'is no time zone').optional(),
  verified: z.boolean().optional(),
  expiry: z.number().int().optional(),
}) as unknown as z.ZodType<User>;
