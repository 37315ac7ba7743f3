import type { RefreshTokenRecord, State } from '../state/state.js';
import type { JwtConfiguration } from '../wire.js';
import { createRefreshToken, findSession, useSession } from './refresh-token.js';

const application = 'application';
const minute = 60_000;
const oneTime = (graceSeconds: number, onOneTimeTokenReuse = false): JwtConfiguration => ({
  refreshTokenUsagePolicy: 'OneTimeUse',
  refreshTokenOneTimeUseConfiguration: { gracePeriodInSeconds: graceSeconds },
  refreshTokenRevocationPolicy: { onOneTimeTokenReuse },
});

let state: State;
let session: RefreshTokenRecord;
beforeEach(() => {
  state = { refreshTokens: new Map() } as State;
  const scopes = ['offline_access'];
  const about = {
    userId: 'user',
    applicationId: application,
    tenantId: 'tenant',
    scopes,
    authTime: 0,
    pkce: true,
  };
  session = createRefreshToken(state, { ...about, gty: ['authorization_code'] }, 0);
});

/** Presents a token at an instant and returns the token to store next, or the reason for the refusal. */
function present(token: string, policy: JwtConfiguration, now: number): string {
  try {
    return useSession(findSession(state, token, application, policy, now), token, policy, now) ?? token;
  } catch (error) {
    return (error as { reason: string }).reason;
  }
}

describe('the rotation of refresh tokens', () => {
  it('keeps the session, its id and its beginning while the value changes', () => {
    const { id, token: first } = session;
    const second = present(first, oneTime(0), 5 * minute);
    expect(second).not.toBe(first);
    expect(findSession(state, second, application, oneTime(0), 6 * minute)).toMatchObject({
      id,
      startInstant: 0,
    });
  });

  it('without a grace period refuses the old value immediately', () => {
    const first = session.token;
    const second = present(first, oneTime(0), 0);
    expect(present(first, oneTime(0), 0)).toBe('refresh_token_not_found');
    expect(present(second, oneTime(0), 0)).toMatch(/^[\w-]{43}$/);
  });

  it('accepts the previous value during the grace period only, and no earlier one', () => {
    const policy = oneTime(60);
    const first = session.token;
    const second = present(first, policy, 0);
    const third = present(second, policy, 10_000);
    expect(present(second, policy, 69_999)).toBe(third);
    expect(present(first, policy, 10_001)).toBe('refresh_token_not_found');
    expect(present(second, policy, 70_000)).toBe('refresh_token_not_found');
    expect(present(third, policy, 70_000)).not.toBe('refresh_token_not_found');
  });

  it('revokes the session on reuse of any earlier value where the policy says so, and never on an unknown one', () => {
    const policy = oneTime(0, true);
    const first = session.token;
    const third = present(present(first, policy, 0), policy, 0);
    expect(present('made up', policy, 0)).toBe('refresh_token_not_found');
    expect(state.refreshTokens.size).toBe(1);
    expect(present(first, policy, 0)).toBe('refresh_token_not_found');
    expect(state.refreshTokens.size).toBe(0);
    expect(present(third, policy, 0)).toBe('refresh_token_not_found');
  });

  it('stores earlier values only as hashes', () => {
    const policy = oneTime(60);
    const first = session.token;
    present(present(first, policy, 0), policy, 0);
    expect(JSON.stringify([...state.refreshTokens.values()])).not.toContain(first);
  });

  it('does not apply to a reusable token, which expires after its fixed lifetime', () => {
    const policy: JwtConfiguration = { refreshTokenTimeToLiveInMinutes: 2 };
    expect(present(session.token, policy, 2 * minute - 1)).toBe(session.token);
    expect(present(session.token, policy, 2 * minute)).toBe('refresh_token_not_found');
  });

  it('does not give a session to another application', () => {
    expect(() => findSession(state, session.token, 'other', {}, 0)).toThrow();
    expect(findSession(state, session.token, application, {}, 0)).toBe(session);
  });
});
