import { decodeJwt } from 'jose';
import {
  adaId,
  api,
  applicationId,
  call,
  configure,
  introspect,
  logIn,
  postForm,
} from '../started-sandbox.js';
import { sandbox } from './ground.js';

const inactive = { status: 200, body: { active: false } };
const validate = (token: string) =>
  call(sandbox, 'GET', '/api/jwt/validate', undefined, { authorization: `Bearer ${token}` });

/** Another application like the first; its client id. */
async function otherApplication(clientAuthenticationPolicy = 'NotRequired'): Promise<string> {
  const { body } = await call(sandbox, 'POST', '/api/application', {
    application: { name: 'Other', oauthConfiguration: { clientAuthenticationPolicy } },
  });
  return (body['application'] as { id: string }).id;
}

describe('introspection', () => {
  it('answers a valid token with active and all of its claims, times in seconds', async () => {
    const { access_token } = await logIn(sandbox);
    const { status, body } = await introspect(sandbox, access_token);
    expect(status).toBe(200);
    expect(body).toMatchObject({ active: true, sub: adaId, aud: applicationId, applicationId });
    expect(body['exp']).toBe((body['iat'] as number) + 3600);
    expect(body['exp']).toBeLessThan(1e11);
  });

  it('answers an expired, forged or meaningless token with active false and nothing else', async () => {
    const { access_token } = await logIn(sandbox);
    const [header = '', payload = '', signature = ''] = access_token.split('.');
    const changed = Buffer.from(payload, 'base64url').toString().replace('todo-reader', 'portal-admin');
    const forged = [header, Buffer.from(changed).toString('base64url'), signature].join('.');
    for (const token of [forged, `${header}.${payload}.`, 'nonsense', access_token.slice(0, -8)])
      expect(await introspect(sandbox, token)).toMatchObject(inactive);

    sandbox.clock.advance(3_580_000);
    expect((await introspect(sandbox, access_token)).body['active']).toBe(true);
    sandbox.clock.advance(20_000);
    expect((await introspect(sandbox, access_token)).text).toBe('{"active":false}');
  });

  it('accepts ID tokens too unless token_type_hint names another type', async () => {
    const { access_token, id_token = '' } = await logIn(sandbox);
    const hinted = async (token: string, token_type_hint?: string) => {
      const { status, body } = await introspect(sandbox, token, { token_type_hint });
      return [status, body['error_reason'] ?? body['active']];
    };
    expect(await hinted(id_token)).toEqual([200, true]);
    expect(await hinted(id_token, 'id_token')).toEqual([200, true]);
    expect(await hinted(access_token, 'access_token')).toEqual([200, true]);
    expect(await hinted(id_token, 'access_token')).toEqual([400, 'token_type_hint_mismatch']);
    expect(await hinted(access_token, 'id_token')).toEqual([400, 'token_type_hint_mismatch']);
    expect(await hinted(access_token, 'password')).toEqual([400, 'unsupported_token_type']);
  });

  it('reports a refresh token as active only with its hint, until it is revoked or expired', async () => {
    const { refresh_token = '', refresh_token_id } = await logIn(sandbox);
    const { refresh_token: other = '' } = await logIn(sandbox);
    const hint = { token_type_hint: 'refresh_token' };
    expect(await introspect(sandbox, refresh_token)).toMatchObject(inactive);
    const { body } = await introspect(sandbox, refresh_token, hint);
    expect(body).toEqual({ active: true, exp: expect.any(Number) });
    expect(Number(body['exp']) - Math.floor(sandbox.clock.now() / 1000)).toBeGreaterThan(43_199 * 60);
    await api(sandbox, 'DELETE', `/api/jwt/refresh/${refresh_token_id as string}`);
    expect(await introspect(sandbox, refresh_token, hint)).toMatchObject(inactive);
    expect((await introspect(sandbox, other, hint)).body['active']).toBe(true);
    sandbox.clock.advance(43_200 * 60_000);
    expect(await introspect(sandbox, other, hint)).toMatchObject(inactive);
  });

  it('answers 401 to a client that the token was not issued to', async () => {
    const { access_token, refresh_token = '' } = await logIn(sandbox);
    const stranger = { client_id: await otherApplication(), client_secret: undefined };
    for (const [token, token_type_hint] of [
      [access_token, undefined],
      [refresh_token, 'refresh_token'],
    ] as const) {
      const answer = await introspect(sandbox, token, { ...stranger, token_type_hint });
      expect(answer).toMatchObject({ status: 401, body: { error_reason: 'client_id_mismatch' } });
    }
  });

  it.each([
    ['Required', 401, 401],
    ['NotRequiredWhenUsingPKCE', 401, 401],
    ['NotRequired', 200, 401],
  ])(
    'with clientAuthenticationPolicy %s answers %i without a secret and %i to a wrong one',
    async (clientAuthenticationPolicy, without, wrong) => {
      const { access_token } = await logIn(sandbox);
      await configure(sandbox, { oauthConfiguration: { clientAuthenticationPolicy } });
      const statusOf = async (client_secret?: string) =>
        (await introspect(sandbox, access_token, { client_secret })).status;
      expect(await statusOf()).toBe(without);
      expect(await statusOf('wrong')).toBe(wrong);
      expect(await statusOf(sandbox.secrets['FUSIONAUTH_CLIENT_SECRET'])).toBe(200);
    },
  );

  it('takes the client by HTTP Basic too, but no API key and no user token', async () => {
    const { access_token: token } = await logIn(sandbox);
    const pair = `${applicationId}:${sandbox.secrets['FUSIONAUTH_CLIENT_SECRET']!}`;
    const asked = (authorization: string) =>
      postForm(sandbox, '/oauth2/introspect', { token }, { authorization });
    expect((await asked(`Basic ${btoa(pair)}`)).body['active']).toBe(true);
    for (const other of [sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY']!, `Bearer ${token}`])
      expect(await asked(other)).toMatchObject({ status: 400, body: { error_reason: 'missing_client_id' } });
  });

  it.each([
    ['no token', { token: undefined }, 400, 'missing_token'],
    ['no client', { client_id: undefined }, 400, 'missing_client_id'],
    ['an unknown client', { client_id: adaId }, 401, 'invalid_client_id'],
  ])('with %s is refused by an OAuth error', async (_case, changes, status, reason) => {
    const { access_token } = await logIn(sandbox);
    const answer = await introspect(sandbox, access_token, changes);
    expect(answer).toMatchObject({ status, body: { error_reason: reason } });
  });
});

describe('validation', () => {
  it('answers the claims of any token with a good signature, also by cookie', async () => {
    const { access_token, id_token = '' } = await logIn(sandbox);
    const { status, body } = await validate(access_token);
    expect([status, body['jwt']]).toEqual([200, expect.objectContaining({ sub: adaId, aud: applicationId })]);
    expect((await validate(id_token)).status).toBe(200);
    const cookie = `theme=dark; access_token=${access_token}`;
    expect((await fetch(`${sandbox.url}/api/jwt/validate`, { headers: { cookie } })).status).toBe(200);
  });

  it('answers 401 with an empty body to an expired token, a broken one, and none', async () => {
    const { access_token } = await logIn(sandbox);
    const refused = { status: 401, text: '' };
    expect(await validate(`${access_token.slice(0, -4)}AAAA`)).toMatchObject(refused);
    expect(await call(sandbox, 'GET', '/api/jwt/validate')).toMatchObject(refused);
    sandbox.clock.advance(3_601_000);
    expect(await validate(access_token)).toMatchObject(refused);
  });

  it('covers tokens signed by HS256, whose key is in no key set', async () => {
    await configure(sandbox, { jwtConfiguration: { enabled: false } });
    const { access_token } = await logIn(sandbox);
    expect((await validate(access_token)).status).toBe(200);
    const { keys } = (await (await fetch(`${sandbox.url}/.well-known/jwks.json`)).json()) as {
      keys: { kid: string }[];
    };
    const { kid } = JSON.parse(Buffer.from(access_token.split('.')[0]!, 'base64url').toString()) as {
      kid: string;
    };
    expect(keys.map((key) => key.kid)).not.toContain(kid);
  });
});

describe('user info', () => {
  const ask = (token: string | undefined, method = 'GET') =>
    call(sandbox, method, '/oauth2/userinfo', undefined, {
      authorization: token === undefined ? '' : `Bearer ${token}`,
    });

  it('returns the user of an access token, by GET and POST', async () => {
    const { access_token } = await logIn(sandbox);
    for (const method of ['GET', 'POST']) {
      const { status, body } = await ask(access_token, method);
      expect([status, body]).toEqual([
        200,
        expect.objectContaining({
          sub: adaId,
          email: 'ada@example.com',
          roles: ['todo-reader', 'todo-writer'],
        }),
      ]);
    }
  });

  it('returns claims by scope, and only with openid, under the policy Strict', async () => {
    await configure(sandbox, { oauthConfiguration: { scopeHandlingPolicy: 'Strict' } });
    const scoped = async (scope: string) => ask((await logIn(sandbox, { scope })).access_token);
    expect((await scoped('openid')).body).not.toHaveProperty('email');
    expect((await scoped('openid email')).body).toHaveProperty('email');
    expect((await scoped('openid profile')).body).toMatchObject({ name: 'Ada' });
    expect((await scoped('offline_access')).status).toBe(401);
  });

  it('and the ID token have the claims of the scopes profile and phone', async () => {
    await configure(sandbox, { oauthConfiguration: { scopeHandlingPolicy: 'Strict' } });
    const user = {
      birthDate: '1815-12-10',
      firstName: 'Augusta Ada',
      lastName: 'Lovelace',
      middleName: 'King',
      preferredLanguages: ['en_GB'],
      mobilePhone: '+44 20 7946 0000',
    };
    await call(sandbox, 'PATCH', `/api/user/${adaId}`, { user });
    const profile = {
      birthdate: '1815-12-10',
      family_name: 'Lovelace',
      given_name: 'Augusta Ada',
      locale: 'en_GB',
      middle_name: 'King',
      name: 'Ada',
      preferred_username: 'ada@example.com',
      zoneinfo: 'Europe/London',
    };
    const full = await logIn(sandbox, { scope: 'openid profile phone' });
    const claims = { ...profile, phone_number: '+44 20 7946 0000' };
    expect((await ask(full.access_token)).body).toMatchObject(claims);
    expect(decodeJwt(full.id_token!)).toMatchObject(claims);
    const plain = await logIn(sandbox, { scope: 'openid' });
    for (const name of ['given_name', 'birthdate', 'phone_number'])
      expect(decodeJwt(plain.id_token!)).not.toHaveProperty(name);
  });

  it('is refused with 401 without a token, with an ID token, after expiry, and for a user who is gone', async () => {
    await configure(sandbox, { oauthConfiguration: { scopeHandlingPolicy: 'Strict' } });
    const { access_token, id_token } = await logIn(sandbox);
    const reasonFor = async (token: string | undefined) => {
      const { status, body } = await ask(token);
      return [status, body['error'], body['error_reason']];
    };
    expect(await reasonFor(undefined)).toEqual([401, 'invalid_token', 'access_token_required']);
    expect(await reasonFor(id_token)).toEqual([401, 'invalid_token', 'access_token_invalid']);
    await api(sandbox, 'DELETE', `/api/user/${adaId}`);
    expect((await ask(access_token)).status).toBe(200);
    await api(sandbox, 'DELETE', `/api/user/${adaId}?hardDelete=true`);
    expect(await reasonFor(access_token)).toEqual([401, 'invalid_token', 'access_token_invalid']);
    sandbox.clock.advance(3_601_000);
    expect(await reasonFor(access_token)).toEqual([401, 'invalid_token', 'access_token_expired']);
  });
});
