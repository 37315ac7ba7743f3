import { decodeJwt, decodeProtectedHeader } from 'jose';
import { ask, client, clientAndPerson, Ground, logIn, partOf, patch, person, post } from './ground.js';

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.remove());

const id = 'ABCDEF01-2345-6789-ABCD-EF0123456789';
const applicationPath = `/api/application/${client.client_id}`;
const token = (answer: { readonly body: Record<string, unknown> }, name = 'access_token') =>
  String(answer.body[name]);

describe('an id in capitals', () => {
  it('is the same id in a path, a body, a query, a header, a form and a scope', async () => {
    const small = id.toLowerCase();
    const sandbox = await ground.start({
      variables: { defaultTenantId: id },
      requests: [
        post(`/api/key/generate/${id}`, { key: { name: 'Signs', algorithm: 'RS256', length: 2048 } }),
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
  it('is converted: requireRegistration refuses an unregistered user', async () => {
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

  it('is refused if it is neither true nor false', async () => {
    const said = await ground.refusal({ requests: clientAndPerson({}, { requireRegistration: 'yes' }) });
    expect(said).toContain('application.oauthConfiguration.requireRegistration ([couldNotConvert]');
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
  ])('accepts no other value: %s', async (field, requests) => {
    const code = `[invalid]${field.replace('[0]', '')}`;
    expect(await ground.refusal({ requests })).toContain(`${field} (${code})`);
  });
});

describe('what is read back', () => {
  it('contains the defaults of FusionAuth', async () => {
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

  it('of a copied application equals its source, except for ids and the secret', async () => {
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
