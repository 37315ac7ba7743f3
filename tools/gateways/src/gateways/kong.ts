import { spelledWith } from '../client-headers.js';
import type { Gateway } from '../gateway.js';
import { fill } from '../template.js';

export const kong: Gateway = {
  name: 'kong',
  title: 'Kong Gateway, by its plugin jwt',
  mode: 'native',
  holdsKeys: true,
  checkedBy: 'not checked: no registry has Kong or a schema of its declarative configuration',
  files: (policy) => [
    {
      path: 'kong.yaml',
      // A name with a dot never passes Kong, and its configuration does not accept one.
      text: fill('kong/kong.yaml', { ...policy, spellings: spelledWith('-', '_') }),
    },
  ],
};
