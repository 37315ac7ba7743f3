import { createHash } from 'node:crypto';
import {
  adaId,
  api,
  applicationId,
  authorize,
  call,
  challengeOf,
  configure,
  exchange,
  newVerifier,
  postLogIn,
  redirected,
  tenantId,
} from '../started-sandbox.js';
import { sandbox } from './ground.js';

describe('the log-in page', () => {
  it('shows a form that submits the request again', async () => {
    const answer = await authorize(sandbox, { state: 's-1' });
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page).toContain('Log in to Dev Center');
    expect(page).toContain('<input type="hidden" name="state" value="s-1" />');
  });

  it('runs no script, loads nothing, is never framed or cached, and may only redirect to the client', async () => {
    const answer = await authorize(sandbox);
    const { headers } = answer;
    const [, style = ''] = /<style>([^<]*)<\/style>/.exec(await answer.text()) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}';`);
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; img-src data:; form-action 'self' http:\/\/127\.0\.0\.1:3001; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('escapes everything from the request', async () => {
    const attack = '"><script>alert(1)</script>';
    const shown = await (
      await authorize(sandbox, { state: attack, login_hint: attack, nonce: attack })
    ).text();
    const again = await (
      await postLogIn(sandbox, { state: attack, loginId: attack, password: 'wrong' })
    ).text();
    for (const page of [shown, again]) {
      expect(page).not.toContain('<script');
      expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    }
  });

  it('shows the same error for a wrong password and an unknown user, and never the password', async () => {
    const wrong = await postLogIn(sandbox, { password: 'wrong-password' });
    const unknown = await postLogIn(sandbox, { loginId: 'nobody@example.com', password: 'wrong-password' });
    const pages = await Promise.all([wrong.text(), unknown.text()]);
    expect([wrong.status, unknown.status]).toEqual([200, 200]);
    for (const page of pages) {
      expect(page).toContain('Invalid log-in credentials.');
      expect(page).not.toContain('wrong-password');
    }
  });

  it('reports a locked account before it checks the password, as FusionAuth does', async () => {
    await api(sandbox, 'DELETE', `/api/user/${adaId}`);
    expect(await (await postLogIn(sandbox, { password: 'wrong-password' })).text()).toContain(
      'has been locked',
    );
  });

  it('reports an expired account', async () => {
    await api(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { expiry: sandbox.clock.now() + 1000 } });
    expect((await postLogIn(sandbox)).status).toBe(302);
    sandbox.clock.advance(1000);
    expect(await (await postLogIn(sandbox)).text()).toContain('has expired');
  });

  it.each([
    ['a new password', { passwordChangeRequired: true }],
    ['a second factor', { twoFactor: { methods: [{ id: 'a1', method: 'authenticator' }] } }],
  ])('gives no code to a user who needs %s first', async (_step, user) => {
    await api(sandbox, 'PATCH', `/api/user/${adaId}`, { user });
    const answer = await postLogIn(sandbox);
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining('The sandbox has no page for it'),
    ]);
    const { body } = await call(sandbox, 'GET', `/api/user/${adaId}`);
    expect(body['user']).not.toHaveProperty('lastLoginInstant');
  });

  it('ignores the case of the e-mail address', async () => {
    expect((await postLogIn(sandbox, { loginId: ' ADA@example.com' })).status).toBe(302);
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another origin', { origin: 'http://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
  ])('refuses a form from %s', async (_case, headers) => {
    expect((await postLogIn(sandbox, {}, headers)).status).toBe(403);
    expect((await postLogIn(sandbox, {}, { origin: sandbox.url })).status).toBe(302);
  });
});

describe('a successful log-in', () => {
  it('redirects with a code, the state, the issuer and userState', async () => {
    const query = redirected(await postLogIn(sandbox, { state: 'ünï & code' }));
    expect(Object.fromEntries(query)).toEqual({
      code: expect.stringMatching(/^[\w-]{43}$/),
      iss: 'gatehouse.example',
      locale: 'en',
      state: 'ünï & code',
      userState: 'Authenticated',
    });
    expect(redirected(await postLogIn(sandbox, { state: undefined })).has('state')).toBe(false);
  });

  it('marks unregistered users, or refuses them if the application requires registration', async () => {
    await api(sandbox, 'DELETE', `/api/user/registration/${adaId}/${applicationId}`);
    expect(redirected(await postLogIn(sandbox)).get('userState')).toBe('AuthenticatedNotRegistered');
    await configure(sandbox, { oauthConfiguration: { requireRegistration: true } });
    const refused = redirected(await postLogIn(sandbox));
    expect([refused.get('error'), refused.get('error_reason'), refused.get('code')]).toEqual([
      'access_denied',
      'registration_required',
      null,
    ]);
  });

  it('puts the answer into the fragment on request', async () => {
    const { headers } = await postLogIn(sandbox, { response_mode: 'fragment' });
    expect(headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:3001\/callback#code=[\w-]{43}&/);
  });
});

describe('a wrong authorization request', () => {
  it.each([
    ['without a client', { client_id: undefined }, 'missing_client_id'],
    ['of an unknown client', { client_id: 'nobody' }, 'invalid_client_id'],
    ['of a client of another tenant', { tenantId: adaId }, 'invalid_tenant_id'],
    ['without an address', { redirect_uri: undefined }, 'missing_redirect_uri'],
    ['to another address', { redirect_uri: 'http://evil.example/' }, 'invalid_redirect_uri'],
    [
      'to an address that only begins alike',
      { redirect_uri: 'http://127.0.0.1:3001/callback/../x' },
      'invalid_redirect_uri',
    ],
    [
      'to an address with a query more',
      { redirect_uri: 'http://127.0.0.1:3001/callback?x=1' },
      'invalid_redirect_uri',
    ],
  ])('%s is shown and never redirected', async (_case, change, reason) => {
    for (const answer of [await authorize(sandbox, change), await postLogIn(sandbox, change)]) {
      expect(answer.status).toBe(400);
      expect(answer.headers.get('location')).toBeNull();
      expect(await answer.json()).toMatchObject({ error: 'invalid_request', error_reason: reason });
    }
    const page = await authorize(sandbox, change, { accept: 'text/html' });
    expect(page.status).toBe(400);
    expect(await page.text()).toContain(reason);
    expect((await authorize(sandbox)).status).toBe(200);
  });

  it.each([
    ['no response type', { response_type: undefined }, 'invalid_request', 'missing_response_type'],
    ['an implicit one', { response_type: 'token' }, 'unsupported_response_type', 'invalid_response_type'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request', 'missing_code_challenge'],
    [
      'a plain challenge',
      { code_challenge_method: 'plain' },
      'invalid_request',
      'invalid_pkce_code_challenge_method',
    ],
    [
      'no challenge method',
      { code_challenge_method: undefined },
      'invalid_request',
      'invalid_pkce_code_challenge_method',
    ],
    ['a short challenge', { code_challenge: 'short' }, 'invalid_request', 'invalid_pkce_code_challenge'],
    ['an unknown scope', { scope: 'openid todos:read' }, 'invalid_scope', 'unknown_scope'],
    ['an unknown prompt', { prompt: 'select_account' }, 'invalid_request', 'invalid_prompt'],
    ['a prompt that allows no page', { prompt: 'none' }, 'login_required', 'authentication_required'],
    [
      'an unknown response mode',
      { response_mode: 'web_message' },
      'invalid_request',
      'invalid_response_mode',
    ],
  ])(
    'with %s goes back to the client with the state and the issuer',
    async (_case, change, error, reason) => {
      const query = redirected(await authorize(sandbox, { state: 's-2', ...change }));
      expect(Object.fromEntries(query)).toEqual({
        error,
        error_description: expect.any(String),
        error_reason: reason,
        iss: 'gatehouse.example',
        state: 's-2',
      });
    },
  );

  it('is refused in a posted form too', async () => {
    const query = redirected(await postLogIn(sandbox, { scope: 'openid todos:read' }));
    expect(query.get('error_reason')).toBe('unknown_scope');
  });

  it('for a disabled grant redirects with unauthorized_client', async () => {
    await configure(sandbox, { oauthConfiguration: { enabledGrants: ['refresh_token'] } });
    const query = redirected(await authorize(sandbox));
    expect([query.get('error'), query.get('error_reason')]).toEqual([
      'unauthorized_client',
      'grant_type_disabled',
    ]);
  });

  it('may contain unknown scopes if the policy allows or removes them, and need not contain a required one', async () => {
    const scopeOf = async (scope: string) => {
      const verifier = newVerifier();
      const query = redirected(await postLogIn(sandbox, { scope, code_challenge: challengeOf(verifier) }));
      const code = query.get('code');
      if (code === null) return query.get('error_reason');
      return (await exchange(sandbox, code, verifier)).body['scope'];
    };
    await configure(sandbox, { oauthConfiguration: { unknownScopePolicy: 'Allow' } });
    expect(await scopeOf('openid todos:read')).toBe('openid todos:read');
    await configure(sandbox, { oauthConfiguration: { unknownScopePolicy: 'Remove' } });
    expect(await scopeOf('openid todos:read')).toBe('openid');
    await configure(sandbox, {
      oauthConfiguration: { providedScopePolicy: { email: { enabled: true, required: true } } },
    });
    expect(await scopeOf('openid')).toBe('openid');
    expect(await scopeOf('openid email')).toBe('openid email');
  });
});

describe('discovery', () => {
  it('is found by the default tenant, by the query and by the path, with the issuer of the tenant', async () => {
    const other = '11111111-2222-4333-8444-555555555555';
    await api(sandbox, 'POST', `/api/tenant/${other}`, { tenant: { name: 'Other' } });
    const issuerAt = async (path: string) =>
      ((await (await fetch(sandbox.url + path)).json()) as { issuer: string }).issuer;
    expect(await issuerAt('/.well-known/openid-configuration')).toBe('gatehouse.example');
    expect(await issuerAt(`/.well-known/openid-configuration?tenantId=${other}`)).toBe('acme.com');
    expect(await issuerAt(`/${other}/.well-known/openid-configuration`)).toBe('acme.com');
    expect(await issuerAt(`/${tenantId}/.well-known/openid-configuration`)).toBe('gatehouse.example');
  });

  it('uses the address of the request and names neither introspection nor revocation', async () => {
    const metadata = (await (
      await fetch(`${sandbox.url}/.well-known/openid-configuration`)
    ).json()) as object;
    expect(metadata).toMatchObject({
      authorization_endpoint: `${sandbox.url}/oauth2/authorize`,
      token_endpoint: `${sandbox.url}/oauth2/token`,
      jwks_uri: `${sandbox.url}/.well-known/jwks.json`,
      code_challenge_methods_supported: ['S256'],
    });
    expect(metadata).not.toHaveProperty('introspection_endpoint');
    expect(metadata).not.toHaveProperty('revocation_endpoint');
  });
});
