import { decodeJwt, decodeProtectedHeader } from 'jose';
import { adaId, api, applicationId, configure, logIn, refresh } from '../started-sandbox.js';
import { sandbox } from './ground.js';

const notFound = { status: 400, body: { error: 'invalid_grant', error_reason: 'refresh_token_not_found' } };
const tokenSettings = (settings: object) => configure(sandbox, { jwtConfiguration: settings });

describe('a one-time refresh token', () => {
  it('is exchanged for its successor; session, user and roles stay, and gty and authenticationType record the refresh', async () => {
    const first = await logIn(sandbox);
    sandbox.clock.advance(60_000);
    const { status, body } = await refresh(sandbox, first.refresh_token!);
    const [before, after] = [decodeJwt(first.access_token), decodeJwt(body.access_token)];
    expect(status).toBe(200);
    expect(body.refresh_token).not.toBe(first.refresh_token);
    expect(body['refresh_token_id']).toBe(first['refresh_token_id']);
    expect(after).toMatchObject({
      sub: before.sub,
      sid: before['sid'],
      roles: before['roles'],
      scope: before['scope'],
      auth_time: before['auth_time'],
      authenticationType: 'REFRESH_TOKEN',
    });
    expect(after.iat! - before.iat!).toBeGreaterThanOrEqual(60);
    expect(after.jti).not.toBe(before.jti);
    expect(decodeProtectedHeader(body.access_token)['gty']).toEqual(['authorization_code', 'refresh_token']);
    expect(decodeJwt(body.id_token!)).not.toHaveProperty('c_hash');
  });

  it('gives the same successor again within the grace period of 60 seconds, for concurrent workers', async () => {
    const { refresh_token: original } = await logIn(sandbox);
    const [one, two] = await Promise.all([refresh(sandbox, original!), refresh(sandbox, original!)]);
    sandbox.clock.advance(59_000);
    const three = await refresh(sandbox, original!);
    expect([one.status, two.status, three.status]).toEqual([200, 200, 200]);
    expect(new Set([one, two, three].map(({ body }) => body.refresh_token)).size).toBe(1);
    expect(await refresh(sandbox, one.body.refresh_token!)).toMatchObject({ status: 200 });
  });

  it('is refused after the grace period, while its successor keeps working', async () => {
    const { refresh_token: original } = await logIn(sandbox);
    const { body } = await refresh(sandbox, original!);
    sandbox.clock.advance(60_000);
    expect(await refresh(sandbox, original!)).toMatchObject(notFound);
    expect(await refresh(sandbox, body.refresh_token!)).toMatchObject({ status: 200 });
  });

  it('revokes the session when it is reused, if the policy requires it', async () => {
    await tokenSettings({ refreshTokenRevocationPolicy: { onOneTimeTokenReuse: true } });
    const { refresh_token: original } = await logIn(sandbox);
    const { body } = await refresh(sandbox, original!);
    sandbox.clock.advance(60_000);
    expect(await refresh(sandbox, original!)).toMatchObject(notFound);
    expect(await refresh(sandbox, body.refresh_token!)).toMatchObject(notFound);
  });
});

describe('a refresh token with a scope that the application no longer has', () => {
  const path = `/api/application/${applicationId}/scope`;
  const withoutScope = async (unknownScopePolicy: string) => {
    await api(sandbox, 'POST', path, { scope: { name: 'todos:read' } });
    const tokens = await logIn(sandbox, { scope: 'offline_access todos:read' });
    const { application } = (await (
      await api(sandbox, 'GET', `/api/application/${applicationId}`)
    ).json()) as { application: { scopes: { id: string }[] } };
    await api(sandbox, 'DELETE', `${path}/${application.scopes.at(-1)!.id}`);
    await configure(sandbox, { oauthConfiguration: { unknownScopePolicy } });
    return tokens.refresh_token!;
  };

  it('is refused under the policy Reject, and its session revoked', async () => {
    const token = await withoutScope('Reject');
    const { status, body } = await refresh(sandbox, token);
    expect([status, body.error, body.error_reason]).toEqual([400, 'invalid_scope', 'unknown_scope']);
    expect(await refresh(sandbox, token)).toMatchObject(notFound);
  });

  it('gives tokens without that scope under the policy Remove', async () => {
    const { status, body } = await refresh(sandbox, await withoutScope('Remove'));
    expect([status, decodeJwt(body.access_token)['scope']]).toEqual([200, 'offline_access']);
  });
});

describe('a reusable refresh token', () => {
  beforeEach(() => tokenSettings({ refreshTokenUsagePolicy: 'Reusable' }));

  it('stays the same, so the answer contains none', async () => {
    const { refresh_token } = await logIn(sandbox);
    for (const _time of [1, 2]) {
      const { status, body } = await refresh(sandbox, refresh_token!);
      expect(status).toBe(200);
      expect(body).not.toHaveProperty('refresh_token');
    }
  });

  it('expires a fixed time after the log-in', async () => {
    await tokenSettings({ refreshTokenTimeToLiveInMinutes: 10 });
    const { refresh_token } = await logIn(sandbox);
    sandbox.clock.advance(9 * 60_000);
    expect(await refresh(sandbox, refresh_token!)).toMatchObject({ status: 200 });
    sandbox.clock.advance(60_000);
    expect(await refresh(sandbox, refresh_token!)).toMatchObject(notFound);
  });

  it('is extended by each use under a sliding window, up to its maximum lifetime', async () => {
    await tokenSettings({
      refreshTokenTimeToLiveInMinutes: 10,
      refreshTokenExpirationPolicy: 'SlidingWindowWithMaximumLifetime',
      refreshTokenSlidingWindowConfiguration: { maximumTimeToLiveInMinutes: 25 },
    });
    const { refresh_token } = await logIn(sandbox);
    for (const _use of [1, 2]) {
      sandbox.clock.advance(9 * 60_000);
      expect(await refresh(sandbox, refresh_token!)).toMatchObject({ status: 200 });
    }
    sandbox.clock.advance(7 * 60_000);
    expect(await refresh(sandbox, refresh_token!)).toMatchObject(notFound);
  });
});

describe('a refresh request', () => {
  it('may request fewer scopes, but never more', async () => {
    await tokenSettings({ refreshTokenUsagePolicy: 'Reusable' });
    const { refresh_token } = await logIn(sandbox, { scope: 'openid offline_access email' });
    const narrow = await refresh(sandbox, refresh_token!, { scope: 'offline_access' });
    expect(decodeJwt(narrow.body.access_token)['scope']).toBe('offline_access');
    expect(narrow.body).not.toHaveProperty('id_token');
    const full = await refresh(sandbox, refresh_token!);
    expect(decodeJwt(full.body.access_token)['scope']).toBe('openid offline_access email');
    expect(await refresh(sandbox, refresh_token!, { scope: 'openid profile' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    });
  });

  it('may shorten the lifetime of the token but not extend it', async () => {
    const { refresh_token } = await logIn(sandbox);
    const { body } = await refresh(sandbox, refresh_token!, { expires_in: '60' });
    const { exp, iat } = decodeJwt(body.access_token);
    expect(exp! - iat!).toBe(60);
    for (const expires_in of ['3601', '0', 'soon']) {
      expect(await refresh(sandbox, body.refresh_token!, { expires_in })).toMatchObject({
        status: 400,
        body: { error: 'invalid_request', error_reason: 'invalid_expires_in' },
      });
    }
    expect(await refresh(sandbox, body.refresh_token!)).toMatchObject({ status: 200 });
  });

  it('sees changed roles', async () => {
    const { refresh_token } = await logIn(sandbox);
    await api(sandbox, 'PUT', `/api/user/registration/${adaId}`, {
      registration: { applicationId, roles: ['todo-reader'] },
    });
    const { body } = await refresh(sandbox, refresh_token!);
    expect(decodeJwt(body.access_token)['roles']).toEqual(['todo-reader']);
  });

  it('is refused when the user has expired', async () => {
    const { refresh_token } = await logIn(sandbox);
    await api(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { expiry: sandbox.clock.now() } });
    const expired = { error: 'invalid_grant', error_reason: 'user_expired' };
    expect(await refresh(sandbox, refresh_token!)).toMatchObject({ status: 400, body: expired });
  });

  it.each([
    ['is locked', (): [string, string] => ['DELETE', `/api/user/${adaId}`], 'user_locked'],
    [
      'is deleted',
      (): [string, string] => ['DELETE', `/api/user/${adaId}?hardDelete=true`],
      'refresh_token_not_found',
    ],
  ])('is refused when the user %s, and does not spend the token', async (_case, change, reason) => {
    const { refresh_token } = await logIn(sandbox);
    await api(sandbox, ...change());
    expect(await refresh(sandbox, refresh_token!)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_reason: reason },
    });
    if (reason !== 'user_locked') return;
    await api(sandbox, 'PUT', `/api/user/${adaId}?reactivate=true`);
    expect(await refresh(sandbox, refresh_token!)).toMatchObject({ status: 200 });
  });

  it.each([
    ['no token', { refresh_token: undefined }, 'invalid_request', 'missing_refresh_token'],
    ['an unknown token', { refresh_token: 'unknown' }, 'invalid_grant', 'refresh_token_not_found'],
  ])('with %s is refused', async (_case, change, error, reason) => {
    const { refresh_token } = await logIn(sandbox);
    expect(await refresh(sandbox, refresh_token!, change)).toMatchObject({
      status: 400,
      body: { error, error_reason: reason },
    });
    expect(await refresh(sandbox, refresh_token!)).toMatchObject({ status: 200 });
  });

  it('is refused for a session of another client', async () => {
    const { refresh_token } = await logIn(sandbox);
    const other = '99999999-2222-4333-8444-555555555555';
    await api(sandbox, 'POST', `/api/application/${other}`, {
      application: {
        name: 'Other',
        oauthConfiguration: { enabledGrants: ['refresh_token'], clientAuthenticationPolicy: 'NotRequired' },
      },
    });
    expect(await refresh(sandbox, refresh_token!, { client_id: other })).toMatchObject(notFound);
    expect(await refresh(sandbox, refresh_token!)).toMatchObject({ status: 200 });
  });
});
