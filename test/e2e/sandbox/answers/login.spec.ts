import { decodeJwt, decodeProtectedHeader } from 'jose';
import {
  adaId,
  api,
  applicationId,
  call,
  configure,
  configureTenant,
  lock,
  postLogIn,
  tenantId,
} from '../started-sandbox.js';
import { sandbox } from './ground.js';

const right = () => ({
  loginId: 'ada@example.com',
  password: sandbox.secrets['ADA_PASSWORD'],
  applicationId,
});
const login = (changes: object = {}, headers: Record<string, string> = {}) =>
  call(sandbox, 'POST', '/api/login', { ...right(), ...changes }, headers);
const statusOf = async (changes: object = {}, headers: Record<string, string> = {}) =>
  (await login(changes, headers)).status;
const patchAda = (user: object) => call(sandbox, 'PATCH', `/api/user/${adaId}`, { user });
const register = (registration: object, more: object = {}) =>
  call(sandbox, 'PUT', `/api/user/registration/${adaId}`, {
    registration: { applicationId, roles: ['todo-reader'], ...registration },
    ...more,
  });

/** Prepares the user so that valid credentials are answered with each status. */
const circumstances: readonly [number, string, () => Promise<unknown>, string][] = [
  [
    202,
    'the user is not registered for the application',
    () => api(sandbox, 'DELETE', `/api/user/registration/${adaId}/${applicationId}`),
    'user',
  ],
  [203, 'the password must be changed', () => patchAda({ passwordChangeRequired: true }), 'changePasswordId'],
  [
    212,
    'the e-mail address is unverified and that is a gate',
    async () => {
      await configureTenant(sandbox, { emailConfiguration: { unverified: { behavior: 'Gated' } } });
      await patchAda({ verified: false });
    },
    'emailVerificationId',
  ],
  [
    213,
    'the registration is unverified and that is a gate',
    async () => {
      await configure(sandbox, { unverified: { behavior: 'Gated' } });
      await register({ verified: false });
    },
    'registrationVerificationId',
  ],
  [
    242,
    'a second factor is set up',
    () => patchAda({ twoFactor: { methods: [{ id: 'a1', method: 'authenticator', secret: 's3cret' }] } }),
    'twoFactorId',
  ],
  [409, 'an action prevents the log-in', () => lock(sandbox, adaId), 'actions'],
];

describe('the Login API', () => {
  it('answers 200 with the user, a token for the application, its expiry in milliseconds, and a cookie', async () => {
    const { status, body, headers } = await login();
    expect([status, body['user']]).toEqual([200, expect.objectContaining({ id: adaId })]);
    const token = body['token'] as string;
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      aud: applicationId,
      applicationId,
      authenticationType: 'PASSWORD',
      email: 'ada@example.com',
      iss: 'gatehouse.example',
      roles: ['todo-reader', 'todo-writer'],
      sub: adaId,
      tid: tenantId,
      zoneinfo: 'Europe/London',
    });
    expect(claims).not.toHaveProperty('scope');
    expect(decodeProtectedHeader(token)).not.toHaveProperty('gty');
    expect(body['tokenExpirationInstant']).toBe(claims.exp! * 1000);
    expect(body).not.toHaveProperty('refreshToken');
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^access_token=/)]);
  });

  it.each(circumstances)('answers %i, not 200, when %s', async (status, _when, arrange, telling) => {
    await arrange();
    const answer = await login();
    expect([answer.status, answer.body]).toEqual([
      status,
      expect.objectContaining({ [telling]: expect.anything() }),
    ]);
    expect(answer.text).not.toContain('s3cret');
  });

  it('answers 200 to unverified users if verification is not required, which is the default', async () => {
    await patchAda({ verified: false });
    await register({ verified: false });
    const { status, body } = await login();
    expect([status, decodeJwt(body['token'] as string)['email_verified']]).toEqual([200, false]);
  });

  it.each([
    [404, 'the user is unknown', () => Promise.resolve({ loginId: 'nobody@example.com' })],
    [404, 'the password is wrong', () => Promise.resolve({ password: 'wrong' })],
    [
      410,
      'the user has expired',
      async () => {
        await patchAda({ expiry: sandbox.clock.now() });
        return {};
      },
    ],
    [
      423,
      'the user is deactivated',
      async () => {
        await api(sandbox, 'DELETE', `/api/user/${adaId}`);
        return {};
      },
    ],
  ])('answers %i with an empty body when %s', async (status, _when, arrange) => {
    expect(await login(await arrange())).toMatchObject({ status, text: '' });
  });

  it('answers 423 or 409 for a locked account before it checks the password', async () => {
    await api(sandbox, 'DELETE', `/api/user/${adaId}`);
    expect(await statusOf({ password: 'wrong' })).toBe(423);
    await call(sandbox, 'PUT', `/api/user/${adaId}?reactivate=true`);
    await lock(sandbox, adaId);
    expect(await statusOf({ password: 'wrong' })).toBe(409);
  });

  it('gives unregistered users a token without audience, application and roles, and no refresh token', async () => {
    await configure(sandbox, { loginConfiguration: { generateRefreshTokens: true } });
    await api(sandbox, 'DELETE', `/api/user/registration/${adaId}/${applicationId}`);
    const { status, body } = await login();
    const claims = decodeJwt(body['token'] as string);
    expect([status, claims.sub]).toEqual([202, adaId]);
    for (const name of ['aud', 'applicationId', 'roles']) expect(claims).not.toHaveProperty(name);
    expect(body).not.toHaveProperty('refreshToken');
  });

  it('issues no token with noJWT', async () => {
    const { status, body, headers } = await login({ noJWT: true });
    expect([status, Object.keys(body), headers.getSetCookie()]).toEqual([200, ['user'], []]);
  });

  it('starts a session only if the application allows it; the address in the body overrides the header', async () => {
    await configure(sandbox, { loginConfiguration: { generateRefreshTokens: true } });
    const addressOf = async (changes: object) => {
      const { body } = await login(changes, { 'x-forwarded-for': '203.0.113.7, 10.0.0.1' });
      const claims = decodeJwt(body['token'] as string);
      expect(claims['sid']).toBe(body['refreshTokenId']);
      const session = await call(sandbox, 'GET', `/api/jwt/refresh/${body['refreshTokenId'] as string}`);
      const { metaData } = session.body['refreshToken'] as {
        metaData: { device: { lastAccessedAddress: string } };
      };
      return metaData.device.lastAccessedAddress;
    };
    expect(await addressOf({})).toBe('203.0.113.7');
    expect(await addressOf({ ipAddress: '198.51.100.9' })).toBe('198.51.100.9');
  });

  it.each([
    ['no log-in id', { loginId: undefined }, 'loginId'],
    ['no password', { password: undefined }, 'password'],
    ['an unknown application', { applicationId: adaId }, 'applicationId'],
    ['an application id that is not one', { applicationId: 'Dev Center' }, 'applicationId'],
  ])('answers 400 with errors to %s', async (_case, changes, field) => {
    const { status, body } = await login(changes);
    expect([status, body]).toEqual([400, { fieldErrors: { [field]: [expect.anything()] } }]);
  });

  it('finds a user only by the identities named in loginIdTypes', async () => {
    expect(await statusOf({ loginIdTypes: ['email'] })).toBe(200);
    expect(await statusOf({ loginIdTypes: ['username', 'phoneNumber'] })).toBe(404);
  });
});

describe("the Login API's own API key", () => {
  const unkeyed = { authorization: '' };

  it('is required: without one that permits it, the answer is 401 with an empty body', async () => {
    const group = { authorization: sandbox.secrets['REMINDER_API_KEY']! };
    for (const headers of [unkeyed, group, { authorization: 'wrong' }])
      expect(await login({}, headers)).toMatchObject({ status: 401, text: '' });

    expect(await statusOf({}, { authorization: sandbox.secrets['FUSIONAUTH_API_KEY']! })).toBe(200);
  });

  it('is not required if the application, or without one the tenant, does not require it', async () => {
    const anywhere = { applicationId: undefined };
    expect([await statusOf({}, unkeyed), await statusOf(anywhere, unkeyed)]).toEqual([401, 401]);
    await configure(sandbox, { loginConfiguration: { requireAuthentication: false } });
    expect([await statusOf({}, unkeyed), await statusOf(anywhere, unkeyed)]).toEqual([200, 401]);
    await configureTenant(sandbox, { loginConfiguration: { requireAuthentication: false } });
    expect(await statusOf(anywhere, unkeyed)).toBe(200);
  });

  it('determines the tenant when the request names neither tenant nor application', async () => {
    await call(sandbox, 'POST', '/api/tenant', { tenant: { name: 'Other' } });
    const anywhere = { applicationId: undefined };
    const bound = { authorization: sandbox.secrets['FUSIONAUTH_API_KEY']! };
    expect([await statusOf(anywhere, bound), await statusOf(anywhere)]).toEqual([200, 400]);
  });

  it('of another tenant does not reach the application', async () => {
    const { body } = await call(sandbox, 'POST', '/api/tenant', { tenant: { name: 'Other' } });
    const { id } = body['tenant'] as { id: string };
    expect(await statusOf({}, { 'x-fusionauth-tenantid': id })).toBe(400);
    expect(await statusOf()).toBe(200);
  });
});

describe('an authentication token', () => {
  const issue = async (more: object = { generateAuthenticationToken: true }, registration: object = {}) =>
    ((await register(registration, more)).body['registration'] as { authenticationToken: string })
      .authenticationToken;

  it('is accepted in place of the password, and authenticationType shows which was used', async () => {
    const password = await issue();
    const { status, body } = await login({ password });
    const { authenticationType } = decodeJwt(body['token'] as string);
    expect([status, authenticationType]).toEqual([200, 'APPLICATION_TOKEN']);
    const byPassword = await login();
    expect(decodeJwt(byPassword.body['token'] as string)['authenticationType']).toBe('PASSWORD');
  });

  it('is refused without the application, for another user, or if the application has disabled it', async () => {
    const password = await issue();
    expect(await statusOf({ password, applicationId: undefined })).toBe(404);
    expect(await statusOf({ password, loginId: 'bruno@example.com' })).toBe(404);
    expect((await postLogIn(sandbox, { password })).status).toBe(200);
    await configure(sandbox, { authenticationTokenConfiguration: { enabled: false } });
    expect(await statusOf({ password })).toBe(404);
    await configure(sandbox, { authenticationTokenConfiguration: { enabled: true } });
    expect(await statusOf({ password })).toBe(200);
  });

  it('may be chosen or generated, and replaces the previous one immediately', async () => {
    const chosen = await issue({}, { authenticationToken: 'a token of my own' });
    expect([chosen, await statusOf({ password: chosen })]).toEqual(['a token of my own', 200]);
    const generated = await issue(undefined, { authenticationToken: 'ignored' });
    expect(await statusOf({ password: 'ignored' })).toBe(404);
    expect([await statusOf({ password: chosen }), await statusOf({ password: generated })]).toEqual([
      404, 200,
    ]);
  });

  it('is deleted with its registration; the password still works, with 202', async () => {
    const password = await issue();
    await api(sandbox, 'DELETE', `/api/user/registration/${adaId}/${applicationId}`);
    expect([await statusOf({ password }), await statusOf()]).toEqual([404, 202]);
  });

  it('of the Reminder App comes from the kickstart file', async () => {
    const password = sandbox.secrets['REMINDER_AUTHENTICATION_TOKEN'];
    expect(await statusOf({ password, loginId: 'reminder@clients.example.com' })).toBe(200);
  });
});

describe('failed log-ins', () => {
  const fail = async (times: number, changes: object = {}) => {
    const statuses: number[] = [];
    for (let count = 0; count < times; count += 1)
      statuses.push(await statusOf({ password: 'wrong', ...changes }));
    return statuses;
  };

  it('lock the account at the fifth: 409 with the action, even for the correct password, for three minutes', async () => {
    expect(await fail(5)).toEqual([404, 404, 404, 404, 404]);
    const { status, body } = await login();
    expect([status, body]).toEqual([
      409,
      {
        actions: [
          {
            actionId: expect.any(String),
            expiry: expect.any(Number),
            name: 'Locked after failed log-ins',
            localizedName: 'Locked after failed log-ins',
          },
        ],
      },
    ]);
    const { expiry } = (body['actions'] as [{ expiry: number }])[0];
    sandbox.clock.set(expiry - 10_000);
    expect(await statusOf()).toBe(409);
    sandbox.clock.set(expiry);
    expect(await statusOf()).toBe(200);
  });

  it('are counted consecutively: a successful log-in or a minute without failures resets the count', async () => {
    await fail(4);
    expect(await statusOf()).toBe(200);
    await fail(4);
    sandbox.clock.advance(60_000);
    await fail(4);
    expect(await statusOf()).toBe(200);
  });

  it('on the log-in page count as well, and the page reports the lock', async () => {
    await fail(4);
    expect(await (await postLogIn(sandbox, { password: 'wrong' })).text()).toContain('Invalid log-in');
    expect(await (await postLogIn(sandbox)).text()).toContain('locked for a while');
  });

  it('lock only their own account, and never an unknown one', async () => {
    await fail(5);
    expect(await fail(7, { loginId: 'nobody@example.com' })).toEqual(Array(7).fill(404));
    const password = sandbox.secrets['BRUNO_PASSWORD'];
    expect(await statusOf({ loginId: 'bruno@example.com', password })).toBe(200);
  });

  it('follow the settings of the tenant, and lock nobody if it names no action', async () => {
    const failedAuthenticationConfiguration = {
      tooManyAttempts: 2,
      actionDuration: 1,
      actionDurationUnit: 'HOURS',
    };
    await configureTenant(sandbox, { failedAuthenticationConfiguration });
    await fail(2);
    sandbox.clock.advance(3_580_000);
    expect(await statusOf()).toBe(409);
    sandbox.clock.advance(20_000);
    expect(await statusOf()).toBe(200);
    await configureTenant(sandbox, { failedAuthenticationConfiguration: { userActionId: null } });
    await fail(6);
    expect(await statusOf()).toBe(200);
  });
});

describe('the login records', () => {
  interface Found {
    readonly logins: readonly { readonly instant: number }[];
    readonly total?: number;
  }
  const path = '/api/system/login-record/search';
  const search = async (query = '') => (await call(sandbox, 'GET', path + query)).body as unknown as Found;

  it('contain each accepted log-in, through the Login API and the page, newest first, and nothing else', async () => {
    expect(await search()).toEqual({ logins: [] });
    await login();
    await login({ password: 'wrong' });
    sandbox.clock.advance(10_000);
    await postLogIn(sandbox);
    const instant: unknown = expect.any(Number);
    const record = { applicationId, loginId: 'ada@example.com', userId: adaId, instant };
    const { logins, total } = await search('?retrieveTotal=true');
    expect([logins, total]).toEqual([[record, record], 2]);
    const [byPage, byApi] = logins as [{ instant: number }, { instant: number }];
    expect(byPage.instant - byApi.instant).toBeGreaterThanOrEqual(10_000);

    expect(await search(`?userId=${adaId}&start=${byPage.instant}`)).toEqual({ logins: [byPage] });
    expect(await search(`?userId=${adaId}&numberOfResults=1&startRow=1`)).toEqual({ logins: [byApi] });
    expect(await search(`?userId=${applicationId}`)).toEqual({ logins: [] });
    const searched = { search: { applicationId, end: byApi.instant } };
    expect((await call(sandbox, 'POST', path, searched)).body).toEqual({ logins: [byApi] });
  });

  it('are shown to a key with that permission, for its own tenant', async () => {
    await login();
    expect((await call(sandbox, 'GET', path, undefined, { authorization: 'no-key' })).status).toBe(401);
    const other = '7f1c0e52-4b0d-4c7e-9a55-1f0c6d2e8b99';
    await api(sandbox, 'POST', `/api/tenant/${other}`, { tenant: { name: 'Other' } });
    const of = async (tenant: string) =>
      (await call(sandbox, 'GET', path, undefined, { 'x-fusionauth-tenantid': tenant })).body;
    expect(await of(other)).toEqual({ logins: [] });
    expect(await of(tenantId)).toMatchObject({ logins: [{ userId: adaId }] });
  });
});
