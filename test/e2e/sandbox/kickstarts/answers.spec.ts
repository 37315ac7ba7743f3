import { createHash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import {
  ask,
  client,
  clientAndPerson,
  Ground,
  logIn,
  partOf,
  patch,
  person,
  post,
  postForm,
} from './ground.js';

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
    ['is on and asked for', { generateRefreshTokens: true }, asked, true],
    ['is on and not asked for', { generateRefreshTokens: true }, 'openid', false],
    ['is asked for and off', { generateRefreshTokens: false }, asked, false],
    ['is asked for and not said', {}, asked, false],
    [
      'is on without its grant',
      { generateRefreshTokens: true, enabledGrants: ['authorization_code'] },
      asked,
      false,
    ],
  ])('is given where generateRefreshTokens %s: %j, %s -> %s', async (_case, oauth, scope, given) => {
    const sandbox = await ground.start({ requests: clientAndPerson({}, oauth) });
    const { status, body } = await logIn(sandbox, scope);
    expect(status).toBe(200);
    expect('refresh_token' in body).toBe(given);
  });
});

describe('an id in capitals', () => {
  it('is the same id in a path, a body, a query, a header, a form and a scope', async () => {
    const small = id.toLowerCase();
    const sandbox = await ground.start({
      variables: { defaultTenantId: id },
      requests: [
        post(`/api/key/generate/${id}`, { key: { name: 'Signs', algorithm: 'RS256' } }),
        ...clientAndPerson({ jwtConfiguration: { enabled: true, accessTokenKeyId: id, idTokenKeyId: id } }),
        post(`/api/application/${id}`, { application: { name: 'Other' } }, id),
        post(`/api/user/${id}`, { user: { email: 'b@example.com', password: 'password' } }),
        post(`/api/user/registration/${id}`, { registration: { applicationId: id } }),
      ],
    });
    expect(sandbox.secrets).toEqual({});
    const answer = await logIn(sandbox, 'openid', {
      client_id: client.client_id.toUpperCase(),
      tenantId: id,
    });
    expect(decodeJwt(token(answer))).toMatchObject({ aud: client.client_id, tid: small });
    expect(decodeProtectedHeader(token(answer)).alg).toBe('RS256');
    const found = await ask(sandbox, 'GET', `/api/user?userId=${id}`, undefined, {
      'x-fusionauth-tenantid': id,
    });
    expect(partOf(found, 'user')).toMatchObject({ id: small, registrations: [{ applicationId: small }] });
    expect((await ask(sandbox, 'GET', `/api/user/registration/${id}/${id}`)).status).toBe(200);
    const key = await ask(
      sandbox,
      'GET',
      `/api/jwt/public-key?applicationId=${client.client_id.toUpperCase()}`,
    );
    expect(key.body['publicKey']).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  });
});

describe('a text for a boolean', () => {
  it('is the boolean: people who are not registered stay out', async () => {
    const [application] = clientAndPerson({}, { requireRegistration: 'true' });
    const sandbox = await ground.start({ requests: [application, post('/api/user', { user: person })] });
    expect(new URL((await logIn(sandbox, 'openid')).location ?? '').searchParams.get('error')).toBe(
      'access_denied',
    );
    const mergePatch = { 'content-type': 'application/merge-patch+json' };
    const off = { application: { oauthConfiguration: { requireRegistration: 'false' } } };
    const changed = await ask(sandbox, 'PATCH', applicationPath, off, mergePatch);
    expect(partOf(changed, 'application')['oauthConfiguration']).toMatchObject({
      requireRegistration: false,
    });
    expect((await logIn(sandbox, 'openid')).status).toBe(200);
  });

  it('is refused where it says neither', async () => {
    const said = await ground.refusal({ requests: clientAndPerson({}, { requireRegistration: 'yes' }) });
    expect(said).toContain('application.oauthConfiguration.requireRegistration ([couldNotConvert]');
  });
});

describe('a role', () => {
  it('may be a text, and is in the tokens of those who have it', async () => {
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
  ])('is the tenant’s where the application %s', async (_case, application) => {
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

  it('may be the secret of the client, which verifies what it signed', async () => {
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
  ])('and what makes its claims exist: %s is refused else', async (field, application) => {
    expect(await ground.refusal({ requests: clientAndPerson(application) })).toContain(`${field} ([invalid]`);
  });
});

describe('the scopes of an application', () => {
  it('are known in a log-in by name, and others are not', async () => {
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

describe('a user', () => {
  const of = (user: object, more: object = {}) => ({
    requests: [post(`/api/user/${id}`, { user, ...more })],
  });

  it('has an e-mail address in lower case, and every log-in finds it', async () => {
    const sandbox = await ground.start(of({ ...person, email: 'Ada@Example.com' }));
    expect(partOf(await ask(sandbox, 'GET', `/api/user/${id}`), 'user')['email']).toBe('ada@example.com');
    const again = await ask(sandbox, 'POST', '/api/user', { user: { ...person, email: 'ADA@example.com' } });
    expect(again.body['fieldErrors']).toHaveProperty(['user.email']);
    const login = { loginId: 'ADA@EXAMPLE.COM', password: person.password };
    expect((await ask(sandbox, 'POST', '/api/login', login)).status).toBe(200);
  });

  it('needs a password, unless the mail to choose one is asked for', async () => {
    expect(await ground.refusal(of({ email: person.email }))).toContain(
      'user.password ([blank]user.password)',
    );
    const sandbox = await ground.start(of({ email: person.email }, { sendSetPasswordEmail: 'true' }));
    const login = { loginId: person.email, password: 'anything else' };
    expect((await ask(sandbox, 'POST', '/api/login', login)).status).toBe(404);
  });

  it('needs one of three identities, and logs in by a phone number where that is asked for', async () => {
    expect(await ground.refusal(of({ password: person.password }))).toContain(
      'user.email ([blank]user.email)',
    );
    const sandbox = await ground.start(of({ phoneNumber: '+4930123456', password: person.password }));
    const login = { loginId: '+4930123456', password: person.password };
    expect((await ask(sandbox, 'POST', '/api/login', login)).status).toBe(404);
    const byPhone = { ...login, loginIdTypes: ['phoneNumber'] };
    expect((await ask(sandbox, 'POST', '/api/login', byPhone)).status).toBe(200);
  });

  it.each([
    [{ ...person, email: 'nobody' }, 'user.email'],
    [{ ...person, birthDate: 'yesterday' }, 'user.birthDate'],
    [{ ...person, password: 'short' }, 'user.password'],
    [{ ...person, active: 'maybe' }, 'user.active'],
  ])('is refused by field: %j', async (user, field) => {
    expect(await ground.refusal(of(user))).toContain(`${field} (`);
  });

  it('follows the password rules of its tenant', async () => {
    const rules = { tenant: { passwordValidationRules: { minLength: '12' } } };
    const requests = (password: string) => [
      patch('/api/tenant/#{FUSIONAUTH_TENANT_ID}', rules),
      post('/api/user', { user: { ...person, password } }),
    ];
    expect(await ground.refusal({ requests: requests('eleven char') })).toContain('at least 12 characters');
    await ground.start({ requests: requests('twelve chars') });
  });
});

describe('users that are imported', () => {
  const salt = Buffer.from('a salt of 32 bytes, as it must be').toString('base64');
  const registrations = [{ applicationId: client.client_id, roles: ['admin'] }];
  const requests = (users: object[], more: object = {}) => [
    ...clientAndPerson({ roles: ['admin'] }).slice(0, 1),
    post('/api/user/import', { users, ...more }),
  ];

  it('log in with the password that was hashed elsewhere, with their registrations', async () => {
    const { pbkdf2Sync } = await import('node:crypto');
    const hash = pbkdf2Sync(person.password, Buffer.from(salt, 'base64'), 1000, 32, 'sha256').toString(
      'base64',
    );
    const hashed = { email: 'Ada@example.com', password: hash, salt, factor: 1000, registrations };
    const plain = { username: 'bruno', password: 'as he types it', active: 'false' };
    const scheme = { encryptionScheme: 'salted-pbkdf2-hmac-sha256' };
    const sandbox = await ground.start({ requests: requests([{ ...hashed, ...scheme }, plain]) });
    expect(decodeJwt(token(await logIn(sandbox, 'openid')))['roles']).toEqual(['admin']);
    const login = { loginId: 'bruno', password: 'as he types it' };
    expect((await ask(sandbox, 'POST', '/api/login', login)).status).toBe(423);
    const seen = await ask(sandbox, 'GET', '/api/user?loginId=ada@example.com');
    expect(JSON.stringify(seen.body)).not.toContain(hash);
  });

  it('learn that another scheme of hashing is not played', async () => {
    const password = createHash('md5').update('x').digest('base64');
    const user = { email: 'ada@example.com', password, salt, encryptionScheme: 'salted-md5' };
    const sandbox = await ground.start({ requests: requests([user]) });
    const login = { loginId: 'ada@example.com', password: 'x' };
    expect((await ask(sandbox, 'POST', '/api/login', login)).status).toBe(501);
  });

  it.each([
    [[person, { ...person, email: 'ADA@example.com' }], 'user.email ([duplicate]'],
    [
      [{ ...person, registrations: [{ applicationId: id }] }],
      'users[0].registrations[0].applicationId ([invalid]',
    ],
    [
      [{ ...person, registrations: [{ ...registrations[0], roles: ['owner'] }] }],
      'users[0].registrations[0].roles ([invalid]',
    ],
    [[], 'users ([invalid]users)'],
  ])('are all of them refused for one: %j', async (users, said) => {
    expect(await ground.refusal({ requests: requests(users) })).toContain(said);
  });
});

describe('a tenant', () => {
  it('has a name that no other has', async () => {
    const twice = [
      post('/api/tenant', { tenant: { name: 'Two' } }),
      post('/api/tenant', { tenant: { name: 'Two' } }),
    ];
    expect(await ground.refusal({ requests: twice })).toContain(
      'request 2 of 2, POST /api/tenant, was refused with 400: tenant.name ([duplicate]tenant.name)',
    );
    expect(
      await ground.refusal({ requests: [post('/api/tenant', { tenant: { name: 'Default' } })] }),
    ).toContain('[duplicate]tenant.name');
    const named = patch('/api/tenant/#{FUSIONAUTH_TENANT_ID}', { tenant: { name: 'Default' } });
    await ground.start({ requests: [named] });
  });

  it('copies another except for its name, and ignores all else', async () => {
    const own = { issuer: 'own.example', data: { a: 1 } };
    const sandbox = await ground.start({
      requests: [
        patch('/api/tenant/#{FUSIONAUTH_TENANT_ID}', { tenant: own }),
        post(`/api/tenant/${id}`, {
          sourceTenantId: '#{FUSIONAUTH_TENANT_ID}',
          tenant: { name: 'Copy', issuer: 'x' },
        }),
      ],
    });
    const { tenant } = (await ask(sandbox, 'GET', `/api/tenant/${id}`)).body;
    expect(tenant).toMatchObject({ ...own, name: 'Copy', id: id.toLowerCase() });
    const unknown = [post('/api/tenant', { sourceTenantId: id, tenant: { name: 'Copy' } })];
    await ground.close();
    const other = new Ground();
    expect(await other.refusal({ requests: unknown })).toContain('sourceTenantId ([invalid]');
    await other.remove();
  });
});

describe('verification', () => {
  it.each([
    ['application.verificationEmailTemplateId', clientAndPerson({ verifyRegistration: true })],
    [
      'tenant.emailConfiguration.verificationEmailTemplateId',
      [
        patch('/api/tenant/#{FUSIONAUTH_TENANT_ID}', {
          tenant: { emailConfiguration: { verifyEmail: 'true' } },
        }),
      ],
    ],
  ])('without a template is refused: %s', async (field, requests) => {
    expect(await ground.refusal({ requests })).toContain(`${field} ([missing]${field})`);
  });
});

describe('what is read back', () => {
  it('holds what FusionAuth fills in', async () => {
    const sandbox = await ground.start({
      requests: [
        post(applicationPath, {
          application: { name: 'Bare', oauthConfiguration: { logoutURL: 'http://a.test' } },
        }),
        post(`/api/tenant/${id}`, { tenant: { name: 'Bare' } }),
        post(`/api/user/${id}`, { user: person }, id),
      ],
    });
    expect((await ask(sandbox, 'GET', applicationPath, undefined)).body['application']).toMatchObject({
      active: true,
      state: 'Active',
      jwtConfiguration: { enabled: false, timeToLiveInSeconds: 3600, refreshTokenUsagePolicy: 'Reusable' },
      loginConfiguration: {
        requireAuthentication: true,
        generateRefreshTokens: false,
        allowTokenRefresh: false,
      },
      oauthConfiguration: {
        clientId: client.client_id,
        clientSecret: expect.stringMatching(/^[\w-]{43}$/),
        clientAuthenticationPolicy: 'Required',
        enabledGrants: ['authorization_code', 'refresh_token'],
        generateRefreshTokens: false,
        logoutURL: 'http://a.test',
        proofKeyForCodeExchangePolicy: 'NotRequired',
        requireRegistration: false,
        scopeHandlingPolicy: 'Strict',
        unknownScopePolicy: 'Reject',
      },
      registrationConfiguration: { enabled: false, type: 'basic', loginIdType: 'email' },
      verifyRegistration: false,
    });
    const ofDefault = partOf(await ask(sandbox, 'GET', `/api/tenant/${id}`), 'tenant');
    expect(ofDefault).toMatchObject({
      issuer: 'acme.com',
      state: 'Active',
      jwtConfiguration: { accessTokenKeyId: expect.any(String), refreshTokenTimeToLiveInMinutes: 43_200 },
      externalIdentifierConfiguration: { authorizationGrantIdTimeToLiveInSeconds: 30 },
      failedAuthenticationConfiguration: {
        tooManyAttempts: 5,
        actionDuration: 3,
        actionDurationUnit: 'MINUTES',
      },
      passwordValidationRules: { minLength: 8, maxLength: 256 },
    });
    const user = await ask(sandbox, 'GET', `/api/user/${id}`);
    expect(user.body['user']).toMatchObject({
      active: true,
      passwordChangeRequired: false,
      usernameStatus: 'ACTIVE',
      verified: true,
    });
  });

  it('of a copied application is that of its source, with ids and a secret of its own', async () => {
    const sandbox = await ground.start({
      requests: [
        ...clientAndPerson({ roles: ['admin'] }, { generateRefreshTokens: true }),
        post(`/api/application/${id}`, {
          sourceApplicationId: client.client_id.toUpperCase(),
          application: { name: 'Copy' },
        }),
      ],
    });
    const copy = partOf(await ask(sandbox, 'GET', `/api/application/${id}`), 'application');
    const source = partOf(await ask(sandbox, 'GET', applicationPath), 'application');
    expect(copy).toMatchObject({
      name: 'Copy',
      roles: [{ name: 'admin' }],
      oauthConfiguration: { generateRefreshTokens: true, clientId: id.toLowerCase() },
    });
    expect((copy['roles'] as { id: string }[])[0]?.id).not.toBe((source['roles'] as { id: string }[])[0]?.id);
    expect((copy['oauthConfiguration'] as Record<string, string>)['clientSecret']).not.toBe(
      client.client_secret,
    );
  });
});

describe('an enumeration', () => {
  it.each([
    [
      'application.oauthConfiguration.clientAuthenticationPolicy',
      clientAndPerson({}, { clientAuthenticationPolicy: 'Sometimes' }),
    ],
    ['application.oauthConfiguration.enabledGrants[0]', clientAndPerson({}, { enabledGrants: ['code'] })],
    [
      'application.jwtConfiguration.refreshTokenUsagePolicy',
      clientAndPerson({ jwtConfiguration: { refreshTokenUsagePolicy: 'Once' } }),
    ],
    [
      'tenant.jwtConfiguration.timeToLiveInSeconds',
      [post('/api/tenant', { tenant: { name: 'T', jwtConfiguration: { timeToLiveInSeconds: '0' } } })],
    ],
  ])('takes no other value: %s', async (field, requests) => {
    const code = `[invalid]${field.replace('[0]', '')}`;
    expect(await ground.refusal({ requests })).toContain(`${field} (${code})`);
  });
});

describe('a redirect URL', () => {
  it('may have asterisks where the policy of the application allows that', async () => {
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

describe('the password grant', () => {
  const grant = {
    ...client,
    grant_type: 'password',
    username: person.email,
    password: person.password,
    scope: 'openid offline_access',
  };
  const allowed = { enabledGrants: ['password', 'refresh_token'], generateRefreshTokens: true };

  it('works where the application allows it, and discovery lists it', async () => {
    const sandbox = await ground.start({
      requests: clientAndPerson({ roles: ['admin'] }, allowed, { roles: ['admin'] }),
    });
    const { status, body } = await postForm(sandbox, '/oauth2/token', grant);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      scope: 'openid offline_access',
      userId: expect.any(String),
      refresh_token: expect.any(String),
      id_token: expect.any(String),
    });
    expect(decodeJwt(token({ body }))).toMatchObject({
      aud: client.client_id,
      roles: ['admin'],
      authenticationType: 'PASSWORD',
    });
    expect(decodeProtectedHeader(token({ body }))['gty']).toEqual(['password']);
    const discovery = await ask(sandbox, 'GET', '/.well-known/openid-configuration');
    expect(discovery.body['grant_types_supported']).toContain('password');
    expect(discovery.body['grant_types_supported']).not.toContain('implicit');
    expect(discovery.body['response_types_supported']).toEqual(['code']);
  });

  it.each([
    ['a wrong password', {}, { password: 'wrong' }, 400, 'invalid_grant', 'invalid_user_credentials'],
    ['nobody', {}, { username: 'nobody' }, 400, 'invalid_grant', 'invalid_user_credentials'],
    ['no password', {}, { password: '' }, 400, 'invalid_request', 'invalid_user_credentials'],
    [
      'a wrong secret',
      {},
      { client_secret: 'wrong' },
      401,
      'invalid_client',
      'invalid_client_authentication',
    ],
    ['no secret', {}, { client_secret: undefined }, 401, 'invalid_client', 'client_authentication_missing'],
    ['an unknown scope', {}, { scope: 'todos:read' }, 400, 'invalid_scope', 'unknown_scope'],
    [
      'a client without it',
      { enabledGrants: ['authorization_code'] },
      {},
      400,
      'unauthorized_client',
      'grant_type_disabled',
    ],
  ])('is refused with %s', async (_case, oauth, changes, status, error, reason) => {
    const sandbox = await ground.start({ requests: clientAndPerson({}, { ...allowed, ...oauth }) });
    const fields = Object.fromEntries(
      Object.entries({ ...grant, ...changes }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;
    const refused = await postForm(sandbox, '/oauth2/token', fields);
    expect(refused.status).toBe(status);
    expect(refused.body).toMatchObject({ error, error_reason: reason });
  });

  it('asks for the further step that a log-in needs, and gives no token', async () => {
    const requests = clientAndPerson({}, allowed);
    const user = { ...person, passwordChangeRequired: 'true' };
    const [application, registration] = requests as [object, { body: object }];
    const due = { ...registration, body: { ...registration.body, user } };
    const sandbox = await ground.start({ requests: [application, due] });
    const { status, body } = await postForm(sandbox, '/oauth2/token', grant);
    expect(status).toBe(400);
    expect(body).toEqual({
      error: 'change_password_required',
      error_reason: 'change_password_administrative',
      error_description: expect.any(String),
      change_password_id: expect.any(String),
    });
  });

  it('gives no token where an unverified e-mail address bars the log-in', async () => {
    const gated = { emailConfiguration: { unverified: { behavior: 'Gated' } } };
    const [application, registration] = clientAndPerson({}, allowed) as [object, { body: object }];
    const unverified = { ...registration.body, user: { ...person, verified: 'false' } };
    const sandbox = await ground.start({
      requests: [
        patch('/api/tenant/#{FUSIONAUTH_TENANT_ID}', { tenant: gated }),
        application,
        { ...registration, body: unverified },
      ],
    });
    const { status, body } = await postForm(sandbox, '/oauth2/token', grant);
    expect([status, body['error'], body['error_reason']]).toEqual([400, 'invalid_grant', 'unknown']);
  });
});
