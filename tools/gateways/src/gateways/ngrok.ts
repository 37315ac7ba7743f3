import { spelledWith } from '../client-headers.js';
import type { Gateway } from '../gateway.js';
import { fill } from '../template.js';

/** The largest number that ngrok accepts in one action. */
const headersAnAction = 10;

export const ngrok: Gateway = {
  name: 'ngrok',
  title: 'ngrok, by a traffic policy',
  mode: 'native',
  checkedBy: 'not checked: ngrok publishes no schema of its traffic policy as a package',
  cannot: ({ tokenLocation }) =>
    tokenLocation === 'cookie' ? 'ngrok, which reads a token from a header or a body alone' : undefined,
  files(policy) {
    const names = spelledWith('-', '_', '.');
    const removals = Array.from({ length: Math.ceil(names.length / headersAnAction) }, (_, index) =>
      names.slice(index * headersAnAction, (index + 1) * headersAnAction),
    );
    const text = fill('ngrok/traffic-policy.yaml', { ...policy, removals });
    return [{ path: 'traffic-policy.yaml', text }];
  },
};
