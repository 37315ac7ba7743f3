import { modes } from '../modes.js';
import { callsForCheck, formula } from './calls.js';

describe('the calls to FusionAuth', () => {
  it('are one for each cache time and client, where each client comes often', () => {
    expect(formula(1, 100, 5)).toBeCloseTo(1_000 / 501);
    expect(formula(100, 100, 5)).toBeCloseTo(1_000 / 6);
  });

  it('are one for each request, where nobody comes twice within the cache time', () => {
    expect(formula(1_000_000, 100, 5)).toBeGreaterThan(999);
    expect(formula(10, 100, 0)).toBe(1_000);
  });

  it('are three for a check of the session, one for other remote checks, none for local ones', () => {
    const calls = Object.fromEntries(modes.map((mode) => [mode.id, callsForCheck(mode)]));
    expect(calls).toMatchObject({
      'jwt/local': 0,
      'client-credentials': 0,
      'jwt/introspection': 1,
      'jwt/session': 3,
      'api-key': 1,
      'email-token': 1,
    });
  });
});
