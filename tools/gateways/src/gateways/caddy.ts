import { spelledWith } from '../client-headers.js';
import type { Gateway } from '../gateway.js';
import { callsItself } from '../policy.js';
import { runChecker } from '../program.js';
import { fill } from '../template.js';

export const caddy: Gateway = {
  name: 'caddy',
  title: 'Caddy',
  mode: 'forward-auth',
  checkedBy: 'caddy validate',
  guardsSecondApi: true,
  cannot: callsItself,
  files: (policy) => [
    {
      path: 'Caddyfile',
      text: fill('caddy/Caddyfile', { ...policy, spellings: spelledWith('-', '_', '.') }),
    },
  ],
  check: (directory) =>
    runChecker('caddy', ['validate', '--config', 'Caddyfile', '--adapter', 'caddyfile'], directory),
};
