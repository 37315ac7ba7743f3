import { inspect } from 'node:util';
import { Secret } from './secret.js';

describe('a secret', () => {
  const secret = new Secret('hunter2');

  it('is returned where it is asked for', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  it.each<[string, () => string]>([
    ['a text', () => String(secret)],
    ['JSON', () => JSON.stringify({ secret })],
    ['inspection', () => inspect({ secret }, { showHidden: true, depth: 9 })],
  ])('prints as [secret] in %s', (_where, print) => {
    expect(print()).toContain('[secret]');
    expect(print()).not.toContain('hunter2');
  });
});
