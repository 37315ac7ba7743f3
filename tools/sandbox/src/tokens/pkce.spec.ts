import { isChallenge, provesChallenge } from './authorization-code.js';

// The example of RFC 7636, appendix B.
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

describe('PKCE', () => {
  it('accepts the example of RFC 7636', () => {
    expect(isChallenge(challenge)).toBe(true);
    expect(provesChallenge(verifier, challenge)).toBe(true);
  });

  it('refuses a verifier that differs in one character', () => {
    expect(provesChallenge(`${verifier.slice(0, -1)}l`, challenge)).toBe(false);
  });

  it('refuses the challenge itself as its verifier, which the method "plain" would accept', () => {
    expect(provesChallenge(challenge, challenge)).toBe(false);
  });

  it.each([
    ['42 characters', 'a'.repeat(42)],
    ['129 characters', 'a'.repeat(129)],
    ['a character outside the unreserved ones', `${'a'.repeat(42)}+`],
  ])('refuses a verifier of %s', (_case, malformed) => {
    expect(provesChallenge(malformed, challenge)).toBe(false);
  });

  it.each(['', 'short', `${challenge}=`, `${challenge}A`])(
    'does not accept %j as a challenge',
    (malformed) => {
      expect(isChallenge(malformed)).toBe(false);
    },
  );
});
