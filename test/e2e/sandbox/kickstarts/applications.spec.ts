import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { ask, client, clientAndPerson, Ground, logIn, partOf, person, post } from './ground.js';

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.remove());

const id = 'ABCDEF01-2345-6789-ABCD-EF0123456789';
const applicationPath = `/api/application/${client.client_id}`;
const token = (answer: { readonly body: Record<string, unknown> }, name = 'access_token') =>
  String(answer.body[name]);

describe('a refresh token', () => {
  const asked = 'openid offline_access';

  it.each([
    ['is on, and offline_access requested', { generateRefreshTokens: true }, asked, true],
    ['is on, and offline_access not requested', { generateRefreshTokens: true }, 'openid', false],
    ['is off', { generateRefreshTokens: false }, asked, false],
    ['is missing', {}, asked, false],
    [
      'is on without the grant',
      { generateRefreshTokens: true, enabledGrants: ['authorization_code'] },
      asked,
      false,
    ],
  ])('where generateRefreshTokens %s (%j, %s) is issued: %s', async (_case, oauth, scope, given) => {
    const sandbox = await ground.start({ requests: clientAndPerson({}, oauth) });
    const { status, body } = await logIn(sandbox, scope);
    expect(status).toBe(200);
    expect('refresh_token' in body).toBe(given);
  });
});

describe('a role', () => {
  it('may be a string, and is in the tokens of its holders', async () => {
    const roles = ['admin', { name: 'user', isDefault: true }];
    const sandbox = await ground.start({ requests: clientAndPerson({ roles }, {}, { roles: ['admin'] }) });
    expect(decodeJwt(token(await logIn(sandbox, 'openid')))['roles']).toEqual(['admin']);
    expect(partOf(await ask(sandbox, 'GET', applicationPath), 'application')['roles']).toMatchObject([
      { name: 'admin', isDefault: false, isSuperRole: false, id: expect.stringMatching(/^[\da-f-]{36}$/) },
      { name: 'user', isDefault: true },
    ]);
  });

  it.each([[['admin', { name: 'admin' }]], [['']], [[{ isDefault: true }]], ['admin']])(
    'is refused as %j',
    async (roles) => {
      expect(await ground.refusal({ requests: clientAndPerson({ roles }) })).toContain('application.roles');
    },
  );
});

describe('the key of a token', () => {
  const openId = '092dbedc-30af-4149-9c61-b578f2c72f59';
  const validated = async (sandbox: Parameters<typeof ask>[0], jwt: string) =>
    (await ask(sandbox, 'GET', '/api/jwt/validate', undefined, { authorization: `Bearer ${jwt}` })).status;

  it.each([
    ['has no settings of its own', {}],
    ['names none in its settings', { jwtConfiguration: { enabled: true } }],
    ['has settings that are off', { jwtConfiguration: { enabled: false, timeToLiveInSeconds: 60 } }],
  ])('is the key of the tenant if the application %s', async (_case, application) => {
    const sandbox = await ground.start({ requests: clientAndPerson(application) });
    const answer = await logIn(sandbox, 'openid');
    expect(answer.body['expires_in']).toBeGreaterThan(3590);
    for (const name of ['access_token', 'id_token']) {
      expect(decodeProtectedHeader(token(answer, name)).alg).toBe('HS256');
      expect(await validated(sandbox, token(answer, name))).toBe(200);
    }
    const login = await ask(sandbox, 'POST', '/api/login', {
      loginId: person.email,
      password: person.password,
      applicationId: client.client_id,
    });
    expect(await validated(sandbox, token(login, 'token'))).toBe(200);
  });

  it('may be the client secret, which verifies the tokens', async () => {
    const jwtConfiguration = { enabled: true, accessTokenKeyId: openId, idTokenKeyId: openId };
    const sandbox = await ground.start({ requests: clientAndPerson({ jwtConfiguration }) });
    const answer = await logIn(sandbox, 'openid');
    for (const name of ['access_token', 'id_token']) {
      const { payload } = await jwtVerify(token(answer, name), Buffer.from(client.client_secret));
      expect(payload.aud).toBe(client.client_id);
      expect(await validated(sandbox, token(answer, name))).toBe(200);
    }
    const forged = token(answer).replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
    expect(await validated(sandbox, forged)).toBe(401);
    const jwks = await ask(sandbox, 'GET', '/.well-known/jwks.json');
    expect(JSON.stringify(jwks.body)).not.toContain(String(decodeProtectedHeader(token(answer)).kid));
  });

  it.each([
    ['application.jwtConfiguration.idTokenKeyId', { jwtConfiguration: { enabled: true, idTokenKeyId: id } }],
    [
      'application.lambdaConfiguration.accessTokenPopulateId',
      { lambdaConfiguration: { accessTokenPopulateId: id } },
    ],
  ])('must exist, like the populate lambda: otherwise %s is refused', async (field, application) => {
    expect(await ground.refusal({ requests: clientAndPerson(application) })).toContain(`${field} ([invalid]`);
  });
});

describe('the scopes of an application', () => {
  it('are accepted by name in a log-in, and others are refused', async () => {
    const sandbox = await ground.start({
      requests: [
        ...clientAndPerson({}, { providedScopePolicy: { profile: { enabled: true, required: true } } }),
        post(`${applicationPath}/scope/${id}`, { scope: { name: 'todos:read', required: 'true' } }),
      ],
    });
    expect((await logIn(sandbox, 'openid todos:read')).body['scope']).toBe('openid todos:read');
    expect((await logIn(sandbox, 'openid')).body['scope']).toBe('openid');
    const refused = new URL((await logIn(sandbox, 'openid todos:write')).location ?? '').searchParams;
    expect(refused.get('error_reason')).toBe('unknown_scope');
    const path = `${applicationPath}/scope/${id}`;
    const wanted = {
      name: 'todos:write',
      required: true,
      applicationId: client.client_id,
      id: id.toLowerCase(),
    };
    await ask(sandbox, 'PATCH', path, { scope: { name: 'todos:write' } });
    expect(partOf(await ask(sandbox, 'GET', path), 'scope')).toMatchObject(wanted);
    expect(
      (await ask(sandbox, 'POST', `${applicationPath}/scope`, { scope: { name: 'todos:write' } })).status,
    ).toBe(400);
    expect((await ask(sandbox, 'PUT', path, { scope: { name: 'other' } })).body['scope']).toMatchObject({
      name: 'other',
      required: false,
    });
    expect((await ask(sandbox, 'DELETE', path)).status).toBe(200);
    expect((await ask(sandbox, 'GET', path)).status).toBe(404);
  });
});

describe('a redirect URL', () => {
  it('may have asterisks if the policy of the application allows them', async () => {
    const authorizedRedirectURLs = ['http://127.0.0.1:*/callback'];
    const oauth = { authorizedRedirectURLs, authorizedURLValidationPolicy: 'AllowWildcards' };
    const sandbox = await ground.start({ requests: clientAndPerson({}, oauth) });
    expect((await logIn(sandbox, 'openid')).status).toBe(200);
    expect((await logIn(sandbox, 'openid', { redirect_uri: 'http://127.0.0.2:3001/callback' })).status).toBe(
      400,
    );
    const out = `/oauth2/logout?client_id=${client.client_id}&post_logout_redirect_uri=`;
    const left = await fetch(`${sandbox.url}${out}http://127.0.0.1:9/callback`, { redirect: 'manual' });
    expect(left.headers.get('location')).toBe('http://127.0.0.1:9/callback');
  });

  it.each([
    [
      { authorizedRedirectURLs: ['http://a.test', 'not a url'] },
      'authorizedRedirectURLs[1] ([invalidURL]application.oauthConfiguration.authorizedRedirectURLs)',
    ],
    [
      { authorizedRedirectURLs: ['https://*.test'], authorizedURLValidationPolicy: 'AllowWildcards' },
      'authorizedRedirectURLs[0] ([invalidURL]',
    ],
    [{ authorizedRedirectURLs: ['http://127.0.0.1:*/callback'] }, 'authorizedRedirectURLs[0] ([invalidURL]'],
    [{ logoutURL: 'not a url' }, 'logoutURL ([invalidURL]'],
  ])('is refused as %j', async (oauth, said) => {
    expect(await ground.refusal({ requests: clientAndPerson({}, oauth) })).toContain(said);
  });
});
