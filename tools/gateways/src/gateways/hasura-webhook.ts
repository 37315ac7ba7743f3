import type { Gateway } from '../gateway.js';
import { fill } from '../template.js';

export const hasuraWebhook: Gateway = {
  name: 'hasura-webhook',
  title: 'Hasura in webhook mode',
  mode: 'forward-auth',
  checkedBy: 'not checked: Hasura publishes no schema of its environment as a package',
  files: (policy) => [{ path: 'hasura.env', text: fill('hasura-webhook/hasura.env', policy) }],
};
