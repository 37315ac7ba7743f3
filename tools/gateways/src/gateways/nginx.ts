import { routingHeaders } from '../client-headers.js';
import type { Gateway } from '../gateway.js';
import { callsItself } from '../policy.js';
import { runChecker } from '../program.js';
import { fill } from '../template.js';

export const nginx: Gateway = {
  name: 'nginx',
  title: 'nginx',
  mode: 'forward-auth',
  checkedBy: 'nginx -t',
  guardsSecondApi: true,
  cannot: callsItself,
  files: (policy) => [{ path: 'nginx.conf', text: fill('nginx/nginx.conf', { ...policy, routingHeaders }) }],
  check: (directory) =>
    runChecker(
      'nginx',
      ['-t', '-p', '.', '-c', 'nginx.conf', '-e', 'stderr', '-g', 'pid nginx.pid;'],
      directory,
    ),
};
