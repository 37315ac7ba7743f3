import { decodeJwt, decodeProtectedHeader } from 'jose';
import { ask, client, clientAndPerson, Ground, patch, person, postForm } from './ground.js';

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.remove());

const token = (answer: { readonly body: Record<string, unknown> }, name = 'access_token') =>
  String(answer.body[name]);

describe('the password grant', () => {
  const grant = {
    ...client,
    grant_type: 'password',
    username: person.email,
    password: person.password,
    scope: 'openid offline_access',
  };
  const allowed = { enabledGrants: ['password', 'refresh_token'], generateRefreshTokens: true };

  it('works if the application allows it, and discovery lists it', async () => {
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

  it('names the further step that the log-in needs, and gives no token', async () => {
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

  it('gives no token to a user whose e-mail address must be verified first', async () => {
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
