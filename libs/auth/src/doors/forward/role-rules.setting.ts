import { z } from 'zod';
import { setting } from '#gatehouse/platform';
import { readRoleRules } from './role-rules.js';

const roleRules = z.string().transform((text, context) => {
  try {
    return readRoleRules(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** The setting `ROLE_RULES` of every app that judges requests for another API. */
export const roleRulesSetting = setting(roleRules.optional(), {
  about:
    'who may do what, separated by line breaks or semicolons: METHOD /prefix role,role, or METHOD host/prefix role,role; the first rule that covers a request decides, 403 if none does; unset: every accepted credential may do everything',
  example: 'GET /todos todo-reader,todo-auditor; * /todos todo-writer',
});
