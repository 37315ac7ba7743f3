import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { walkCodeGrant } from '#gatehouse/fusionauth/control';
import {
  adaId,
  api,
  applicationId,
  configure,
  exchange,
  logIn,
  newCode,
  redirectUri,
  requestToken,
  tenantId,
} from '../started-sandbox.js';
import { sandbox } from './ground.js';

const secret = () => sandbox.secrets['FUSIONAUTH_CLIENT_SECRET']!;
const basic = (id: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`,
});

describe('the authorization code grant', () => {
  it('walks from the log-in page to tokens that verify against the key set', async () => {
    const tokens = await walkCodeGrant({
      url: sandbox.url,
      clientId: applicationId,
      redirectUri,
      loginId: 'ada@example.com',
      password: sandbox.secrets['ADA_PASSWORD']!,
    });
    const keys = createRemoteJWKSet(new URL(`${sandbox.url}/.well-known/jwks.json`));
    const expected = { issuer: 'gatehouse.example', audience: applicationId, algorithms: ['RS256'] };
    const access = await jwtVerify(tokens.access_token, keys, expected);
    const id = await jwtVerify(tokens.id_token!, keys, expected);
    expect(access.payload.sub).toBe(adaId);
    expect(id.payload.sub).toBe(adaId);
    expect(tokens.refresh_token).toMatch(/^[\w-]{43}$/);
  });

  it('reports a wrong password', async () => {
    const walk = walkCodeGrant({
      url: sandbox.url,
      clientId: applicationId,
      redirectUri,
      loginId: 'ada@example.com',
      password: 'not her password',
    });
    await expect(walk).rejects.toThrow('ada@example.com was not logged in: the page answered 200');
  });

  it('gives an access token with the claims of a registered person, time zone by the lambda', async () => {
    const seconds = () => Math.floor(sandbox.clock.now() / 1000);
    const before = seconds();
    const { access_token } = await logIn(sandbox, { scope: 'openid offline_access' });
    const claims = decodeJwt<{ auth_time: number; iat: number }>(access_token);
    expect(decodeProtectedHeader(access_token)).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid: expect.stringMatching(/^[\w-]{27}$/),
      gty: ['authorization_code'],
    });
    expect(claims).toEqual({
      aud: applicationId,
      applicationId,
      authenticationType: 'PASSWORD',
      auth_time: expect.any(Number),
      email: 'ada@example.com',
      email_verified: true,
      exp: claims.iat + 3600,
      iat: expect.any(Number),
      iss: 'gatehouse.example',
      jti: expect.any(String),
      preferred_username: 'ada@example.com',
      roles: ['todo-reader', 'todo-writer'],
      scope: 'openid offline_access',
      sid: expect.any(String),
      sub: adaId,
      tid: tenantId,
      zoneinfo: 'Europe/London',
    });
    const instants = [before, claims.auth_time, claims.iat, seconds()];
    expect(instants).toEqual(instants.toSorted((a, b) => a - b));
  });

  it('reads a redirect_uri whose own query is not escaped, and the parameters after it', async () => {
    const back = `${redirectUri}?from=here`;
    await configure(sandbox, { oauthConfiguration: { authorizedRedirectURLs: [back] } });
    const query = `client_id=${applicationId}&response_type=nonsense&redirect_uri=${back}&state=kept`;
    const answer = await fetch(`${sandbox.url}/oauth2/authorize?${query}`, { redirect: 'manual' });
    const location = new URL(answer.headers.get('location') ?? '');
    expect([location.searchParams.get('from'), location.searchParams.get('state')]).toEqual(['here', 'kept']);
  });

  it('gives an ID token that differs from the access token: nonce and hashes, no roles', async () => {
    const { access_token, id_token } = await logIn(sandbox, { nonce: 'n-1' });
    const claims = decodeJwt(id_token!);
    expect(claims).toMatchObject({ nonce: 'n-1', at_hash: expect.any(String), c_hash: expect.any(String) });
    expect(claims).not.toHaveProperty('roles');
    expect(claims).not.toHaveProperty('applicationId');
    expect(decodeJwt(access_token)).not.toHaveProperty('nonce');
  });

  it('answers with everything the scopes ask for and nothing more', async () => {
    const full = await logIn(sandbox, { scope: 'openid offline_access' });
    expect(full).toEqual({
      access_token: expect.any(String),
      expires_in: expect.any(Number),
      id_token: expect.any(String),
      refresh_token: expect.any(String),
      refresh_token_id: decodeJwt(full.access_token)['sid'],
      scope: 'openid offline_access',
      token_type: 'Bearer',
      userId: adaId,
    });
    expect(full['expires_in']).toBeGreaterThanOrEqual(3590);
    expect(full['expires_in']).toBeLessThanOrEqual(3600);
    const plain = await logIn(sandbox, { scope: 'email' });
    expect(Object.keys(plain).sort()).toEqual([
      'access_token',
      'expires_in',
      'scope',
      'token_type',
      'userId',
    ]);
    expect(decodeJwt(plain.access_token)).not.toHaveProperty('sid');
  });

  it('leaves e-mail claims out of access tokens under the strict scope policy, and in ID tokens by scope', async () => {
    await configure(sandbox, { oauthConfiguration: { scopeHandlingPolicy: 'Strict' } });
    const bare = await logIn(sandbox, { scope: 'openid' });
    const email = await logIn(sandbox, { scope: 'openid email' });
    for (const { access_token } of [bare, email]) {
      const claims = decodeJwt(access_token);
      expect([claims['email'], claims['email_verified'], claims['preferred_username']]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
    expect(decodeJwt(bare.id_token!)).not.toHaveProperty('email');
    expect(decodeJwt(email.id_token!)).toMatchObject({ email: 'ada@example.com', email_verified: true });
  });

  it('gives unregistered users a token with an audience but without roles and applicationId', async () => {
    await api(sandbox, 'DELETE', `/api/user/registration/${adaId}/${applicationId}`);
    const claims = decodeJwt((await logIn(sandbox)).access_token);
    expect(claims.aud).toBe(applicationId);
    expect(claims).not.toHaveProperty('roles');
    expect(claims).not.toHaveProperty('applicationId');
  });

  it('adds tty to access tokens when switched on, and only there', async () => {
    sandbox.settings.tty = true;
    const { access_token, id_token } = await logIn(sandbox);
    expect(decodeJwt(access_token)['tty']).toBe('at');
    expect(decodeJwt(id_token!)).not.toHaveProperty('tty');
  });
});

describe('an authorization code', () => {
  it('works once', async () => {
    const { code, verifier } = await newCode(sandbox);
    expect(await exchange(sandbox, code, verifier)).toMatchObject({ status: 200 });
    expect(await exchange(sandbox, code, verifier)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_reason: 'auth_code_not_found' },
    });
  });

  it('works for 30 seconds', async () => {
    const first = await newCode(sandbox);
    const second = await newCode(sandbox);
    sandbox.clock.advance(29_000);
    expect(await exchange(sandbox, first.code, first.verifier)).toMatchObject({ status: 200 });
    sandbox.clock.advance(1_000);
    expect(await exchange(sandbox, second.code, second.verifier)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_reason: 'auth_code_not_found' },
    });
  });

  it.each([
    ['without its verifier', { code_verifier: undefined }, 400, 'invalid_request', 'missing_code_verifier'],
    [
      'with another verifier',
      { code_verifier: 'v'.repeat(43) },
      400,
      'invalid_grant',
      'invalid_pkce_code_verifier',
    ],
    [
      'with another redirect_uri',
      { redirect_uri: 'http://127.0.0.1:3001/' },
      400,
      'invalid_request',
      'invalid_redirect_uri',
    ],
    ['as an unknown code', { code: 'unknown' }, 400, 'invalid_grant', 'auth_code_not_found'],
    ['without the code', { code: undefined }, 400, 'invalid_request', 'missing_code'],
    ['without a client', { client_id: undefined }, 400, 'invalid_request', 'missing_client_id'],
    ['by an unknown client', { client_id: 'nobody' }, 401, 'invalid_client', 'invalid_client_id'],
    [
      'with a wrong secret',
      { client_secret: 'guess' },
      401,
      'invalid_client',
      'invalid_client_authentication',
    ],
    ['without a grant type', { grant_type: undefined }, 400, 'invalid_request', 'missing_grant_type'],
    [
      'by a grant that the client may not use',
      { grant_type: 'password' },
      400,
      'unauthorized_client',
      'grant_type_disabled',
    ],
    [
      'by a grant named like an object member',
      { grant_type: 'toString' },
      400,
      'unsupported_grant_type',
      'invalid_grant_type',
    ],
  ] as const)(
    'is refused %s, while the same request in order passes',
    async (_case, change, status, error, reason) => {
      const { code, verifier } = await newCode(sandbox);
      // The verifier is missing only when the client says who it is otherwise; PKCE excuses it from the secret.
      const secretIfNeeded =
        'code_verifier' in change && !change.code_verifier ? { client_secret: secret() } : {};
      const refused = await exchange(sandbox, code, verifier, { ...secretIfNeeded, ...change });
      expect(refused).toEqual({
        status,
        body: { error, error_reason: reason, error_description: expect.any(String) },
      });
      const fresh = await newCode(sandbox);
      expect(await exchange(sandbox, fresh.code, fresh.verifier)).toMatchObject({ status: 200 });
    },
  );

  it('is not spent by another client that presents it', async () => {
    const { application } = (await (
      await api(sandbox, 'POST', '/api/application', {
        application: {
          name: 'Other',
          oauthConfiguration: {
            authorizedRedirectURLs: [redirectUri],
            enabledGrants: ['authorization_code'],
            clientAuthenticationPolicy: 'NotRequired',
          },
        },
      })
    ).json()) as { application: { id: string } };
    const { code, verifier } = await newCode(sandbox);
    expect(await exchange(sandbox, code, verifier, { client_id: application.id })).toMatchObject({
      status: 400,
      body: { error_reason: 'auth_code_not_found' },
    });
    expect(await exchange(sandbox, code, verifier)).toMatchObject({ status: 200 });
  });
});

describe('client authentication', () => {
  const policies = ['Required', 'NotRequired', 'NotRequiredWhenUsingPKCE'] as const;

  it.each(policies)(
    'under %s follows the policy table for both grants',
    async (clientAuthenticationPolicy) => {
      await configure(sandbox, {
        oauthConfiguration: {
          clientAuthenticationPolicy,
          proofKeyForCodeExchangePolicy: 'NotRequired',
        },
      });
      const withoutPkce = { code_challenge: undefined, code_challenge_method: undefined };
      const outcome = async (pkce: boolean, withSecret: boolean) => {
        const { code, verifier } = await newCode(sandbox, pkce ? {} : withoutPkce);
        return exchange(sandbox, code, verifier, {
          ...(pkce ? {} : { code_verifier: undefined }),
          ...(withSecret ? { client_secret: secret() } : {}),
        });
      };
      const [bare, pkce] = [await outcome(false, false), await outcome(true, false)];
      const allowed = {
        Required: [false, false],
        NotRequired: [true, true],
        NotRequiredWhenUsingPKCE: [false, true],
      };
      expect([bare.status === 200, pkce.status === 200]).toEqual(allowed[clientAuthenticationPolicy]);
      for (const { status, body } of [bare, pkce].filter(({ status }) => status !== 200)) {
        expect({ status, error: body.error, reason: body.error_reason }).toEqual({
          status: 401,
          error: 'invalid_client',
          reason: 'client_authentication_missing',
        });
      }
      for (const { body } of [await outcome(false, true), await outcome(true, true)]) {
        const request = {
          grant_type: 'refresh_token',
          client_id: applicationId,
          refresh_token: body.refresh_token,
        };
        expect(await requestToken(sandbox, { ...request, client_secret: secret() })).toMatchObject({
          status: 200,
        });
      }
    },
  );

  it('takes the secret by HTTP Basic, and then needs no client_id in the form', async () => {
    await configure(sandbox, { oauthConfiguration: { clientAuthenticationPolicy: 'Required' } });
    const { code, verifier } = await newCode(sandbox);
    const fields = {
      grant_type: 'authorization_code',
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
    };
    expect(await requestToken(sandbox, fields, basic(applicationId, 'guess'))).toMatchObject({ status: 401 });
    expect(await requestToken(sandbox, fields, basic(applicationId, secret()))).toMatchObject({
      status: 200,
    });
  });

  it('does not accept an arbitrary verifier in place of the secret', async () => {
    await configure(sandbox, { oauthConfiguration: { proofKeyForCodeExchangePolicy: 'NotRequired' } });
    const { code } = await newCode(sandbox, { code_challenge: undefined, code_challenge_method: undefined });
    expect(await exchange(sandbox, code, 'v'.repeat(43))).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_reason: 'missing_code_challenge' },
    });
  });

  it('refuses a grant that the application has switched off', async () => {
    await configure(sandbox, { oauthConfiguration: { enabledGrants: ['authorization_code'] } });
    const { refresh_token } = await logIn(sandbox);
    expect(refresh_token).toBeUndefined();
    const fields = { grant_type: 'refresh_token', client_id: applicationId, refresh_token: 'any' };
    expect(await requestToken(sandbox, fields)).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client', error_reason: 'grant_type_disabled' },
    });
  });

  it('does not accept JSON in place of a form', async () => {
    const answer = await fetch(`${sandbox.url}/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'authorization_code' }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error_reason: 'missing_grant_type' });
  });
});
