import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, Ground, partOf, patch, post } from './ground.js';

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.remove());

const fusionAuth = '3c219e58-ed0e-4b18-ad48-f4f92793ae32';
const tenantId = '30663132-6464-6665-3032-326466613934';

describe('a new instance', () => {
  it('has FusionAuth’s own application, where the administrator of a kickstart file registers', async () => {
    const user = { email: 'admin@example.com', password: 'password' };
    const registration = { applicationId: '#{FUSIONAUTH_APPLICATION_ID}', roles: ['admin'] };
    const sandbox = await ground.start({
      variables: { defaultTenantId: tenantId },
      requests: [post('/api/user/registration', { user, registration })],
    });
    const application = partOf(await ask(sandbox, 'GET', `/api/application/${fusionAuth}`), 'application');
    expect(application).toMatchObject({ name: 'FusionAuth', tenantId, active: true });
    const roles = application['roles'] as object[];
    expect(roles).toHaveLength(38);
    expect(roles[0]).toMatchObject({ id: '631ecd9d-8d40-4c13-8277-80cedb8236e2', name: 'admin' });
    const found = partOf(await ask(sandbox, 'GET', '/api/user?email=admin@example.com'), 'user');
    expect(found['registrations']).toMatchObject([{ applicationId: fusionAuth, roles: ['admin'] }]);
    const wrong = {
      user: { ...user, email: 'b@example.com' },
      registration: { ...registration, applicationId: fusionAuth, roles: ['owner'] },
    };
    expect((await ask(sandbox, 'POST', '/api/user/registration', wrong)).status).toBe(400);
  });

  it('has no key of an application to rotate, and explains how to get one', async () => {
    const sandbox = await ground.start({ requests: [] });
    await expect(sandbox.rotateKey()).rejects.toThrow(
      'no application signs with a key of its own: set jwtConfiguration.accessTokenKeyId',
    );
  });

  it('fills the variables that FusionAuth defines', async () => {
    const names = [
      'FUSIONAUTH_APPLICATION_ID',
      'FUSIONAUTH_TENANT_ID',
      'FUSIONAUTH_DEFAULT_SIGNING_KEY_ID',
      'TENANT_MANAGER_ID',
      'FUSIONAUTH_TENANT_MANAGER_APPLICATION_ID',
      'FUSIONAUTH_FORM[adminUser]_ID',
      'FUSIONAUTH_FORM[adminRegistration]_ID',
      ...['OpenID', 'SAMLv2', 'Apple', 'Facebook', 'Google', 'Twitter'].map(
        (kind) => `FUSIONAUTH_LAMBDA[${kind}Reconcile]_ID`,
      ),
    ];
    const data = Object.fromEntries(names.map((name) => [name, `#{${name}}`]));
    const sandbox = await ground.start({
      variables: {
        defaultTenantId: tenantId,
        tenantManagerApplicationId: '9a145715-bfbd-4c06-bff2-009315b9761e',
      },
      requests: [post('/api/group/9a145715-bfbd-4c06-bff2-009315b97610', { group: { name: 'G', data } })],
    });
    const group = partOf(
      await ask(sandbox, 'GET', '/api/group/9a145715-bfbd-4c06-bff2-009315b97610'),
      'group',
    );
    const values = group['data'] as Record<string, string>;
    expect(group).toMatchObject({
      tenantId,
      data: {
        FUSIONAUTH_APPLICATION_ID: fusionAuth,
        FUSIONAUTH_TENANT_ID: tenantId,
        TENANT_MANAGER_ID: '9a145715-bfbd-4c06-bff2-009315b9761e',
        FUSIONAUTH_TENANT_MANAGER_APPLICATION_ID: '9a145715-bfbd-4c06-bff2-009315b9761e',
      },
    });
    for (const value of Object.values(values)) expect(value).toMatch(/^[\da-f-]{36}$/);
    const signingKey = values['FUSIONAUTH_DEFAULT_SIGNING_KEY_ID'];
    expect((await ask(sandbox, 'GET', `/api/key/${signingKey}`)).body['key']).toMatchObject({
      algorithm: 'HS256',
    });
    expect(
      partOf(await ask(sandbox, 'GET', `/api/tenant/${tenantId}`), 'tenant')['jwtConfiguration'],
    ).toMatchObject({
      accessTokenKeyId: signingKey,
      idTokenKeyId: signingKey,
    });
    const manager = await ask(sandbox, 'GET', '/api/application/9a145715-bfbd-4c06-bff2-009315b9761e');
    expect(manager.body['application']).toMatchObject({ name: 'Tenant Manager' });
  });

  it('may include texts, JSON and requests of other files, and accepts paths without a slash', async () => {
    const sandbox = await ground.start(
      {
        variables: { defaultTenantId: tenantId, lambdaId: '9a145715-bfbd-4c06-bff2-009315b97611' },
        requests: ['&{requests/tenant.json}', post('api/lambda/#{lambdaId}', '&{json/lambda.json}')],
      },
      {
        'requests/tenant.json': JSON.stringify(
          patch('api/tenant/#{defaultTenantId}', { tenant: { issuer: 'own.example' } }),
        ),
        'json/lambda.json':
          '{"lambda":{"name":"Populate","type":"JWTPopulate","body":"@{lambdas/populate.js}"}}',
        'lambdas/populate.js': 'function populate(jwt) {\n  jwt.match = /\\d/.test("1"); // one line\n}\n',
      },
    );
    expect(partOf(await ask(sandbox, 'GET', `/api/tenant/${tenantId}`), 'tenant')['issuer']).toBe(
      'own.example',
    );
    const lambda = partOf(
      await ask(sandbox, 'GET', '/api/lambda/9a145715-bfbd-4c06-bff2-009315b97611'),
      'lambda',
    );
    expect(lambda['body']).toBe('function populate(jwt) {\n  jwt.match = /\\d/.test("1"); // one line\n}\n');
  });

  it('stores what affects no token, as FusionAuth’s own examples contain it', async () => {
    const theme = 'ABCDEF01-2345-6789-ABCD-EF0123456789';
    const mail = '238279d5-e7ed-47ca-bb21-639de6013fc0';
    const emailTemplate = {
      name: 'Forgot Password',
      defaultSubject: 'Reset your password',
      defaultHtmlTemplate: '@{emails/a.html.ftl}',
      defaultTextTemplate: '@{emails/a.txt.ftl}',
      fromEmail: 'dev@example.com',
    };
    const cors = {
      enabled: 'true',
      allowedOrigins: ['http://localhost:3000'],
      preflightMaxAgeInSeconds: '60',
    };
    const sandbox = await ground.start(
      {
        requests: [
          patch('api/system-configuration', { systemConfiguration: { corsConfiguration: cors } }),
          post(`/api/theme/${theme}`, {
            sourceThemeId: '75a068fd-e94b-451a-9aeb-3ddb9a3b5987',
            theme: { name: 'Own theme' },
          }),
          patch(`/api/theme/${theme}`, { theme: { stylesheet: '@{css/styles.css}' } }),
          patch('/api/tenant/#{FUSIONAUTH_TENANT_ID}', { tenant: { themeId: theme } }),
          post(`/api/email/template/${mail}`, { emailTemplate }),
        ],
      },
      {
        'css/styles.css': 'a {\n}\n',
        'emails/a.html.ftl': '<p>${user.email}</p>\n',
        'emails/a.txt.ftl': 'Hello\r\n',
      },
    );
    expect(partOf(await ask(sandbox, 'GET', `/api/theme/${theme}`), 'theme')).toMatchObject({
      name: 'Own theme',
      stylesheet: 'a {\n}\n',
    });
    const template = partOf(await ask(sandbox, 'GET', `/api/email/template/${mail}`), 'emailTemplate');
    expect(template).toMatchObject({
      defaultHtmlTemplate: '<p>${user.email}</p>\n',
      defaultTextTemplate: 'Hello\r\n',
    });
    const configuration = partOf(
      await ask(sandbox, 'GET', '/api/system-configuration'),
      'systemConfiguration',
    );
    expect(configuration['corsConfiguration']).toMatchObject({ enabled: true, preflightMaxAgeInSeconds: 60 });
  });

  it('leaves escaped placeholders as they are', async () => {
    const data = {
      a: '\\#{email}',
      b: '\\&{requests/a.json}',
      c: '\\@{emails/a.ftl}',
      d: '\\#{ENV.HOME}',
      e: '\\\\#{email}',
    };
    const sandbox = await ground.start({
      requests: [
        post('/api/application/42d7d823-4c89-4ccd-8c47-1259247103a7', { application: { name: 'A', data } }),
      ],
    });
    const answer = await ask(sandbox, 'GET', '/api/application/42d7d823-4c89-4ccd-8c47-1259247103a7');
    expect(partOf(answer, 'application')['data']).toEqual({
      a: '#{email}',
      b: '&{requests/a.json}',
      c: '@{emails/a.ftl}',
      d: '#{ENV.HOME}',
      e: '\\#{email}',
    });
  });
});

describe('several API keys', () => {
  it('may each have permissions and a tenant, which a later request may create', async () => {
    const second = 'FEDF8CB2-457D-46C6-BBE4-1BF8DEBC1534';
    const permissions = { endpoints: { '/api/group': ['GET', 'POST'] } };
    const sandbox = await ground.start({
      variables: { second },
      apiKeys: [
        { key: 'first-key', keyManager: true },
        { key: 'reader', permissions: { endpoints: { '/api/tenant': ['GET'] } } },
        { key: 'bound', tenantId: '#{second}', permissions },
      ],
      requests: [post('/api/tenant/#{second}', { tenant: { name: 'Second' } })],
    });
    const as = async (authorization: string, method: string, path: string, body?: object) =>
      (await ask(sandbox, method, path, body, { authorization })).status;
    expect(await as('reader', 'GET', `/api/tenant/${second}`)).toBe(200);
    expect(await as('reader', 'GET', `/api/group/${second}`)).toBe(401);
    const made = await ask(
      sandbox,
      'POST',
      '/api/group',
      { group: { name: 'Of the second' } },
      { authorization: 'bound' },
    );
    expect(partOf(made, 'group')['tenantId']).toBe(second.toLowerCase());
    expect(await as('bound', 'GET', `/api/tenant/${second}`)).toBe(401);
  });
});

describe('values of the environment', () => {
  it('that the sandbox generated are logged by name, and no others', async () => {
    const group = { group: { name: 'G', data: { a: '#{ENV.GIVEN}', b: '#{ENV.NOT_GIVEN}', c: '@{a.txt}' } } };
    const content = { requests: [post('/api/group', group)] };
    const environment = { GIVEN: 'a given value' };
    await ground.start(content, { 'a.txt': '#{ENV.IN_A_TEXT}' }, { environment });
    const said = ground.log.map((line) => JSON.parse(line) as { msg: string; names?: string[] });
    expect(said.find(({ msg }) => msg.startsWith('generated'))?.names).toEqual(['NOT_GIVEN', 'IN_A_TEXT']);
    expect(ground.log.join('')).not.toContain('a given value');
  });

  it('may have several lines, and are the same after a restart', async () => {
    const pem = '-----BEGIN KEY-----\nabc=\r\n"quoted"\n-----END KEY-----\n';
    const group = { group: { name: 'G', data: { pem: '#{ENV.PEM}' } } };
    const content = { requests: [post('/api/group', group)] };
    await ground.start(content, {}, { environment: { PEM: pem } });
    await ground.close();
    const again = await ground.start(content);
    expect(again.secrets['PEM']).toBe(pem);
    expect(readFileSync(join(ground.dataDir, 'sandbox/secrets.env'), 'utf8').split('\n')).toHaveLength(3);
  });
});

describe('a kickstart file that is refused half way', () => {
  // Takes longer than the state waits before it is written.
  const slow = [1, 2, 3].map((n) =>
    post('/api/key/generate', { key: { name: `Key ${n}`, algorithm: 'RS256', length: 4096 } }),
  );
  const group = (name?: string) =>
    post('/api/group/9a145715-bfbd-4c06-bff2-009315b97610', { group: { name } });

  it('leaves nothing behind: the next start with a correct one is complete', async () => {
    await ground.refusal({ requests: [group('First'), ...slow, group()] });
    expect(existsSync(join(ground.dataDir, 'sandbox/state.json'))).toBe(false);
    const sandbox = await ground.start({ requests: [group('Second')] });
    const answer = await ask(sandbox, 'GET', '/api/group/9a145715-bfbd-4c06-bff2-009315b97610');
    expect(partOf(answer, 'group')['name']).toBe('Second');
  });

  it('is reported with the number of the request, its method and path, the field and the answer', async () => {
    expect(
      await ground.refusal({ requests: [group('First'), post('/api/group', { group: {} }), group()] }),
    ).toMatch(
      /^Kickstart request 2 of 3, POST \/api\/group, was refused with 400: group\.name \(\[blank\]group\.name\): ./,
    );
    expect(await ground.refusal({ requests: [patch(`/api/tenant/${tenantId}`, { tenant: {} })] })).toBe(
      `Kickstart request 1 of 1, PATCH /api/tenant/${tenantId}, was refused with 404 and an empty body.`,
    );
  });

  it('is reported without the secrets that it was filled with', async () => {
    const user = { email: 'a@example.com', password: '#{ENV.SHORT_PASSWORD}' };
    const registration = { applicationId: '#{FUSIONAUTH_APPLICATION_ID}', roles: ['#{ENV.THE_SECRET}'] };
    const environment = { THE_SECRET: 'a role like a secret', SHORT_PASSWORD: 'long enough' };
    const said = await ground.refusal(
      { requests: [post('/api/user/registration', { user, registration })] },
      {},
      { environment },
    );
    expect(said).toContain('registration.roles');
    expect(said).toContain('#{ENV.THE_SECRET}');
    expect(said).not.toContain('a role like a secret');
  });
});
