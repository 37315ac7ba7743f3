import { judgedHeaders, requestLines } from '../client-headers.js';
import type { Gateway } from '../gateway.js';
import { callsItself } from '../policy.js';
import { fill } from '../template.js';

export const traefik: Gateway = {
  name: 'traefik',
  title: 'Traefik',
  mode: 'forward-auth',
  checkedBy:
    'types of @schemastore/traefik-v3 1.0.4 and @schemastore/traefik-v3-file-provider 1.0.2, by npm run test:services',
  guardsSecondApi: true,
  cannot: callsItself,
  files: (policy) => [
    { path: 'traefik.yaml', text: fill('traefik/traefik.yaml', policy) },
    {
      path: 'dynamic.yaml',
      text: fill('traefik/dynamic.yaml', {
        ...policy,
        judgedHeaders,
        requestLines: requestLines('-', '_', '.'),
      }),
    },
  ],
};
