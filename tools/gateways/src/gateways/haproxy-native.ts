import type { Gateway } from '../gateway.js';
import { keyFileProblem, keyFiles } from '../key-files.js';
import { callsItself } from '../policy.js';
import { runChecker } from '../program.js';
import { fill } from '../template.js';

export const haproxyNative: Gateway = {
  name: 'haproxy-native',
  title: 'HAProxy, by its own check',
  mode: 'native',
  holdsKeys: true,
  checkedBy: 'haproxy -c; key files by the generator',
  guardsSecondApi: true,
  cannot: callsItself,
  files: (policy) => [
    ...keyFiles(policy.keys),
    { path: 'haproxy.cfg', text: fill('haproxy-native/haproxy.cfg', policy) },
  ],
  /** HAProxy accepts any key file, and then refuses every token, so the key files are checked here. */
  async check(directory) {
    const detail = keyFileProblem(directory);
    return detail === undefined
      ? runChecker('haproxy', ['-c', '-f', 'haproxy.cfg'], directory)
      : { outcome: 'failed', detail };
  },
};
