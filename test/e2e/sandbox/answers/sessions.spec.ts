import { decodeJwt } from 'jose';
import {
  adaId,
  applicationId,
  call,
  configure,
  lock,
  logIn,
  redirectUri,
  refresh,
  tenantId,
} from '../started-sandbox.js';
import { sandbox } from './ground.js';

const path = '/api/jwt/refresh';
const sessionOf = async (tokens: Record<string, unknown>) =>
  call(sandbox, 'GET', `${path}/${tokens['refresh_token_id'] as string}`);
const unkeyed = { authorization: '' };
const brunoLogsIn = () =>
  logIn(sandbox, { loginId: 'bruno@example.com', password: sandbox.secrets['BRUNO_PASSWORD'] });

describe('a session', () => {
  it('is read by the id that access tokens carry as sid, without the token itself', async () => {
    const tokens = await logIn(sandbox);
    const { status, body, text } = await sessionOf(tokens);
    expect(status).toBe(200);
    expect(decodeJwt(tokens.access_token)['sid']).toBe(tokens['refresh_token_id']);
    expect(body['refreshToken']).toMatchObject({
      id: tokens['refresh_token_id'],
      userId: adaId,
      applicationId,
      tenantId,
      metaData: { scopes: ['openid', 'offline_access'] },
    });
    expect(text).not.toContain(tokens.refresh_token);
  });

  it('keeps its id while its token rotates', async () => {
    const tokens = await logIn(sandbox);
    await refresh(sandbox, tokens.refresh_token!);
    expect((await sessionOf(tokens)).status).toBe(200);
  });

  it('is 404 after revocation, after expiry, and for another tenant', async () => {
    const [revoked, expired] = [await logIn(sandbox), await logIn(sandbox)];
    await call(sandbox, 'DELETE', `${path}/${revoked['refresh_token_id'] as string}`);
    expect(await sessionOf(revoked)).toMatchObject({ status: 404, text: '' });
    expect((await sessionOf(expired)).status).toBe(200);
    const { body } = await call(sandbox, 'POST', '/api/tenant', { tenant: { name: 'Other' } });
    const elsewhere = { 'x-fusionauth-tenantid': (body['tenant'] as { id: string }).id };
    const target = `${path}/${expired['refresh_token_id'] as string}`;
    expect((await call(sandbox, 'GET', target, undefined, elsewhere)).status).toBe(404);
    sandbox.clock.advance(43_200 * 60_000);
    expect(await sessionOf(expired)).toMatchObject({ status: 404, text: '' });
  });

  it('is listed for its user, newest first', async () => {
    const [first, second] = [await logIn(sandbox), (sandbox.clock.advance(1000), await logIn(sandbox))];
    await brunoLogsIn();
    const { body } = await call(sandbox, 'GET', `${path}?userId=${adaId}`);
    expect((body['refreshTokens'] as { id: string }[]).map(({ id }) => id)).toEqual([
      second['refresh_token_id'],
      first['refresh_token_id'],
    ]);
    expect((await call(sandbox, 'GET', `${path}?userId=${tenantId}`)).status).toBe(404);
    expect((await call(sandbox, 'GET', path)).status).toBe(400);
  });
});

describe('revoking', () => {
  it.each([
    ['its user', `?userId=${adaId}`],
    ['its application and user', `?userId=${adaId}&applicationId=${applicationId}`],
  ])('by %s revokes every session of that user and no other', async (_by, query) => {
    const [ada, again, bruno] = [await logIn(sandbox), await logIn(sandbox), await brunoLogsIn()];
    expect(await call(sandbox, 'DELETE', path + query)).toMatchObject({ status: 200, text: '' });
    for (const { refresh_token } of [ada, again])
      expect((await refresh(sandbox, refresh_token!)).body.error).toBe('invalid_grant');

    expect((await refresh(sandbox, bruno.refresh_token!)).status).toBe(200);
  });

  it('by application revokes the sessions of all its users', async () => {
    const sessions = [await logIn(sandbox), await brunoLogsIn()];
    await call(sandbox, 'DELETE', `${path}?applicationId=${applicationId}`);
    for (const session of sessions) expect((await sessionOf(session)).status).toBe(404);
  });

  it('by token revokes one session, named in the query or in a JSON body', async () => {
    const [one, two, three] = [await logIn(sandbox), await logIn(sandbox), await logIn(sandbox)];
    await call(sandbox, 'DELETE', `${path}?token=${one.refresh_token!}`);
    await call(sandbox, 'DELETE', path, { token: two.refresh_token });
    const found = await Promise.all(
      [one, two, three].map(async (tokens) => (await sessionOf(tokens)).status),
    );
    expect(found).toEqual([404, 404, 200]);
    expect((await call(sandbox, 'DELETE', `${path}?token=${one.refresh_token!}`)).status).toBe(404);
    expect((await call(sandbox, 'DELETE', path)).status).toBe(400);
  });

  it("takes the owner's own token for one session, but not for many and not for another's", async () => {
    const [ada, bruno] = [await logIn(sandbox), await brunoLogsIn()];
    const own = { authorization: `Bearer ${ada.access_token}` };
    const revoke = async (target: string) =>
      (await call(sandbox, 'DELETE', path + target, undefined, own)).status;
    expect(await revoke(`/${bruno['refresh_token_id'] as string}`)).toBe(404);
    expect(await revoke(`?userId=${adaId}`)).toBe(401);
    expect(await revoke(`/${ada['refresh_token_id'] as string}`)).toBe(200);
    expect((await sessionOf(bruno)).status).toBe(200);
    expect((await sessionOf(ada)).status).toBe(404);
    const narrow = { authorization: sandbox.secrets['FUSIONAUTH_API_KEY']! };
    for (const headers of [unkeyed, narrow])
      expect((await call(sandbox, 'DELETE', `${path}?userId=${adaId}`, undefined, headers)).status).toBe(401);
  });

  it.each(['onLoginPrevented', 'onPasswordChanged'])(
    'happens by itself by the policy %s',
    async (occasion) => {
      const happen = () =>
        occasion === 'onLoginPrevented'
          ? lock(sandbox, adaId)
          : call(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { password: 'another password' } });
      const revokes = async () => {
        const session = await logIn(sandbox);
        await happen();
        return (await sessionOf(session)).status;
      };
      expect(await revokes()).toBe(404);
      await sandbox.reset();
      const refreshTokenRevocationPolicy = { [occasion]: false };
      await configure(sandbox, { jwtConfiguration: { refreshTokenRevocationPolicy } });
      expect(await revokes()).toBe(200);
    },
  );
});

describe('POST /api/jwt/refresh', () => {
  const post = (body: object, headers: Record<string, string> = unkeyed) =>
    call(sandbox, 'POST', path, body, headers);
  const allowed = () => configure(sandbox, { loginConfiguration: { allowTokenRefresh: true } });

  it('exchanges a refresh token without a key and sets cookies', async () => {
    await allowed();
    const { refresh_token: refreshToken, refresh_token_id } = await logIn(sandbox);
    const { status, body, headers } = await post({ refreshToken });
    expect([status, body['refreshTokenId']]).toEqual([200, refresh_token_id]);
    expect(body['refreshToken']).not.toBe(refreshToken);
    expect(decodeJwt(body['token'] as string)).toMatchObject({ sub: adaId, sid: refresh_token_id });
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^access_token=.*; HttpOnly/),
      expect.stringMatching(/^refresh_token=.*; HttpOnly/),
    ]);
  });

  it('prefers the cookie to the body, and shortens the lifetime on request but never extends it', async () => {
    await allowed();
    const { refresh_token } = await logIn(sandbox);
    const cookie = { ...unkeyed, cookie: `refresh_token=${refresh_token!}` };
    const { body } = await post({ refreshToken: 'wrong', timeToLiveInSeconds: 60 }, cookie);
    const { exp = 0, iat = 0 } = decodeJwt(body['token'] as string);
    expect(exp - iat).toBe(60);
    const refused = await post({ refreshToken: body['refreshToken'], timeToLiveInSeconds: 3601 });
    expect([refused.status, refused.body]).toEqual([
      400,
      { fieldErrors: { timeToLiveInSeconds: [expect.anything()] } },
    ]);
  });

  it('revokes the session when a token is reused, if the policy requires it', async () => {
    await allowed();
    await configure(sandbox, {
      jwtConfiguration: { refreshTokenRevocationPolicy: { onOneTimeTokenReuse: true } },
    });
    const { refresh_token: first } = await logIn(sandbox);
    const { body } = await post({ refreshToken: first });
    sandbox.clock.advance(60_000);
    expect((await post({ refreshToken: first })).status).toBe(400);
    expect((await post({ refreshToken: body['refreshToken'] })).status).toBe(400);
  });

  it('is refused with errors, never OAuth errors: not allowed, unknown, revoked, or of a locked user', async () => {
    const { refresh_token: refreshToken } = await logIn(sandbox);
    expect((await post({ refreshToken })).body).toHaveProperty('generalErrors');
    await allowed();
    await configure(sandbox, {
      jwtConfiguration: { refreshTokenRevocationPolicy: { onLoginPrevented: false } },
    });
    await lock(sandbox, adaId);
    for (const wrong of [{ refreshToken: 'unknown' }, {}, { refreshToken }]) {
      const { status, body } = await post(wrong);
      expect([status, body]).toEqual([400, { fieldErrors: { refreshToken: [expect.anything()] } }]);
    }
  });
});

describe('logging out', () => {
  it('of one session revokes it and clears the cookies; global revokes all of its owner', async () => {
    const sessions = [await logIn(sandbox), await logIn(sandbox), await logIn(sandbox)] as const;
    const statuses = () => Promise.all(sessions.map(async (tokens) => (await sessionOf(tokens)).status));
    const [first, second] = sessions;
    const { status, headers } = await call(
      sandbox,
      'POST',
      '/api/logout',
      { refreshToken: first.refresh_token },
      unkeyed,
    );
    expect([status, headers.getSetCookie()]).toEqual([
      200,
      [
        expect.stringContaining('access_token=; Max-Age=0'),
        expect.stringContaining('refresh_token=; Max-Age=0'),
      ],
    ]);
    expect(await statuses()).toEqual([404, 200, 200]);
    const query = `?global=true&refreshToken=${second.refresh_token!}`;
    expect((await call(sandbox, 'POST', `/api/logout${query}`, undefined, unkeyed)).status).toBe(200);
    expect(await statuses()).toEqual([404, 404, 404]);
    expect((await call(sandbox, 'POST', '/api/logout', undefined, unkeyed)).status).toBe(200);
  });

  const oauthLogout = async (parameters: Record<string, string>) => {
    const query = new URLSearchParams(parameters).toString();
    const answer = await fetch(`${sandbox.url}/oauth2/logout?${query}`, { redirect: 'manual' });
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() };
  };

  it('at the authorization server leads back to the application, and leaves refresh tokens alone', async () => {
    const { refresh_token, id_token = '' } = await logIn(sandbox);
    expect(await oauthLogout({ client_id: applicationId })).toMatchObject({
      status: 302,
      location: 'http://127.0.0.1:3001/',
    });
    sandbox.clock.advance(3_601_000);
    const post_logout_redirect_uri = redirectUri;
    expect(
      await oauthLogout({ id_token_hint: id_token, post_logout_redirect_uri, state: 'a state' }),
    ).toMatchObject({ status: 302, location: `${redirectUri}?state=a+state` });
    expect(await oauthLogout({})).toMatchObject({ status: 302, location: '/' });
    expect((await refresh(sandbox, refresh_token!)).status).toBe(200);
  });

  it.each([
    ['an unknown client', { client_id: adaId }, 'invalid_client_id'],
    ['a hint that is not an ID token', { id_token_hint: 'nonsense' }, 'invalid_id_token_hint'],
    [
      'a return address of somebody else',
      { client_id: applicationId, post_logout_redirect_uri: 'https://evil.example/' },
      'invalid_post_logout_redirect_uri',
    ],
  ])('with %s does not redirect', async (_case, parameters, reason) => {
    const { status, text } = await oauthLogout(parameters);
    expect([status, JSON.parse(text)]).toEqual([400, expect.objectContaining({ error_reason: reason })]);
  });
});
