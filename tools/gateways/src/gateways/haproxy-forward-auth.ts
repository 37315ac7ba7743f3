import type { Gateway } from '../gateway.js';
import { callsItself } from '../policy.js';
import { runChecker } from '../program.js';
import { fill } from '../template.js';

export const haproxyForwardAuth: Gateway = {
  name: 'haproxy-forward-auth',
  title: 'HAProxy, asking forward-auth',
  mode: 'forward-auth',
  checkedBy: 'haproxy -c',
  guardsSecondApi: true,
  cannot: callsItself,
  files: (policy) =>
    ['haproxy.cfg', 'forward-auth.lua'].map((path) => ({
      path,
      text: fill(`haproxy-forward-auth/${path}`, policy),
    })),
  check: (directory) => runChecker('haproxy', ['-c', '-f', 'haproxy.cfg'], directory),
};
