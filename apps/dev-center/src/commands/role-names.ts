import { z } from 'zod';
import { commaList } from '#gatehouse/platform';

/** What a client may be permitted. Managing credentials is for people. */
const roles = ['todo-reader', 'todo-writer', 'todo-auditor'] as const;

export const roleNames = () =>
  commaList(z.enum(roles, `must be some of ${roles.join(', ')}`)).refine((list) => list.length > 0, {
    error: 'must name a role',
  });
