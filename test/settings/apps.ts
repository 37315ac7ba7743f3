import type { z } from 'zod';
import { devCenterProblems, devCenterSchema } from '../../apps/dev-center/src/config.js';
import { forwardAuthProblems, forwardAuthSchema } from '../../apps/forward-auth/src/config.js';
import { lambdaAuthorizerProblems, lambdaAuthorizerSchema } from '../../apps/lambda-authorizer/src/config.js';
import { reminderProblems, reminderSchema, schemaFor } from '../../apps/reminder-app/src/config.js';
import { todoApiProblems, todoApiSchema } from '../../apps/todo-api/src/config.js';
import { mailboxProblems, mailboxSchema } from '../../tools/mailbox/src/config.js';
import { sandboxSchema } from '../../tools/sandbox/src/config.js';
import { type StartConfig, startSchema } from '../../tools/start/src/config.js';
import { appConfigs } from '../../tools/start/src/system/app-configs.js';

/** Every app that has settings, with the rules between them. */
export const apps: Readonly<
  Record<string, { schema: z.ZodObject; problems: (config: never) => readonly string[] }>
> = {
  'todo-api': { schema: todoApiSchema, problems: todoApiProblems },
  'forward-auth': { schema: forwardAuthSchema, problems: forwardAuthProblems },
  'lambda-authorizer': { schema: lambdaAuthorizerSchema, problems: lambdaAuthorizerProblems },
  'reminder-app': { schema: reminderSchema, problems: reminderProblems },
  'reminder-app with client credentials': {
    schema: schemaFor({ CREDENTIAL_SOURCE: 'client-credentials' }),
    problems: reminderProblems,
  },
  'dev-center': { schema: devCenterSchema, problems: devCenterProblems },
  sandbox: { schema: sandboxSchema, problems: () => [] },
  mailbox: { schema: mailboxSchema, problems: mailboxProblems },
  start: {
    schema: startSchema,
    problems: (config: StartConfig) => {
      appConfigs({}, config);
      return [];
    },
  },
};
