import { identityHeaders, judgedHeaders, spelledWith } from '../client-headers.js';
import type { Gateway } from '../gateway.js';
import { callsItself } from '../policy.js';
import { fill } from '../template.js';

export const envoy: Gateway = {
  name: 'envoy',
  title: 'Envoy',
  mode: 'forward-auth',
  checkedBy: 'protocol buffers of Envoy in @grpc/grpc-js-xds 1.14.1, by npm run test:services',
  guardsSecondApi: true,
  cannot: callsItself,
  files: (policy) => [
    {
      path: 'envoy.yaml',
      text: fill('envoy/envoy.yaml', {
        ...policy,
        // Envoy drops names with an underscore by a setting.
        spellings: spelledWith('-', '.').map((name) => name.toLowerCase()),
        judgedHeaders: judgedHeaders.map((name) => name.toLowerCase()),
        identityHeaders: identityHeaders.map((name) => name.toLowerCase()),
      }),
    },
  ],
};
