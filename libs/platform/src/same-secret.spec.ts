import { sameSecret } from './same-secret.js';

describe('sameSecret', () => {
  it.each([
    ['the same secret', 'a secret', 'a secret', true],
    ['two empty ones', '', '', true],
    ['another of the same length', 'a secret', 'A secret', false],
    ['a beginning of the other', 'a', 'a secret', false],
    ['nothing and a secret', '', 'a secret', false],
  ])('compares %s', (_case, one, other, same) => {
    expect(sameSecret(one, other)).toBe(same);
  });
});
