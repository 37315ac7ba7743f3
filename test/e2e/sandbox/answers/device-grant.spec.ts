import { decodeJwt } from 'jose';
import {
  adaId,
  applicationId,
  call,
  configure,
  configureTenant,
  logIn,
  postForm,
  requestToken,
  tenantId,
} from '../started-sandbox.js';
import { sandbox } from './ground.js';

const grant = 'urn:ietf:params:oauth:grant-type:device_code';
const verificationUri = 'https://dev.example.com/device';
const secret = () => sandbox.secrets['FUSIONAUTH_CLIENT_SECRET']!;
const client = () => ({ client_id: applicationId, client_secret: secret() });

beforeEach(() => allow({}));

const allow = (changes: object) =>
  configure(sandbox, {
    oauthConfiguration: {
      enabledGrants: ['authorization_code', 'refresh_token', grant],
      deviceVerificationURL: verificationUri,
      ...changes,
    },
  });

const begin = (fields: Record<string, string | undefined> = {}) =>
  postForm(sandbox, '/oauth2/device_authorize', {
    client_id: applicationId,
    scope: 'offline_access',
    ...fields,
  });

async function begun(fields: Record<string, string | undefined> = {}) {
  const { status, body } = await begin(fields);
  expect(status).toBe(200);
  return body as { device_code: string; user_code: string; expires_in: number };
}

const poll = (code: string, fields: Record<string, string | undefined> = {}) =>
  requestToken(sandbox, { grant_type: grant, device_code: code, ...client(), ...fields });

const submit = async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
  const form = new URLSearchParams({ client_id: applicationId, tenantId, ...fields });
  const answer = await fetch(`${sandbox.url}/oauth2/device`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
    headers,
  });
  return { status: answer.status, page: await answer.text(), location: answer.headers.get('location') };
};
const ada = () => ({ loginId: 'ada@example.com', password: sandbox.secrets['ADA_PASSWORD']! });

describe('a device that asks for approval', () => {
  it('gets a code to show, the address where it is typed, the lifetime and the interval', async () => {
    const { status, body, headers } = await begin();
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      expires_in: 300,
      interval: 5,
      user_code: expect.stringMatching(/^[A-Z0-9]{6}$/),
      verification_uri: verificationUri,
      verification_uri_complete: `${verificationUri}?user_code=${String(body['user_code'])}`,
    });
  });

  it('gets the form and lifetime of codes that the tenant configures', async () => {
    const deviceUserCodeIdGenerator = { length: 8, type: 'randomDigits' };
    await configureTenant(sandbox, {
      externalIdentifierConfiguration: { deviceCodeTimeToLiveInSeconds: 600, deviceUserCodeIdGenerator },
    });
    expect(await begun()).toMatchObject({ expires_in: 600, user_code: expect.stringMatching(/^\d{8}$/) });
  });

  it.each([
    ['no client', { client_id: undefined }, 400, 'missing_client_id'],
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client_id'],
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client_authentication'],
    ['another tenant', { tenantId: applicationId }, 400, 'invalid_tenant_id'],
    ['an unknown scope', { scope: 'everything' }, 400, 'unknown_scope'],
  ])('is refused with %s', async (_what, fields, status, reason) => {
    const answer = await begin(fields);
    expect(answer).toMatchObject({ status, body: { error_reason: reason } });
  });

  it('is refused where the application has not enabled the grant', async () => {
    await allow({ enabledGrants: ['authorization_code'] });
    expect(await begin()).toMatchObject({ status: 400, body: { error_reason: 'grant_type_disabled' } });
  });

  it('needs an address where people type the code', async () => {
    const body = { application: { oauthConfiguration: { deviceVerificationURL: '' } } };
    const path = `/api/application/${applicationId}`;
    const merge = { 'content-type': 'application/merge-patch+json' };
    expect(await call(sandbox, 'PATCH', path, body, merge)).toMatchObject({
      status: 400,
      body: {
        fieldErrors: {
          'application.oauthConfiguration.deviceVerificationURL': [
            { code: '[blank]application.oauthConfiguration.deviceVerificationURL' },
          ],
        },
      },
    });
  });
});

describe('a device that polls', () => {
  it('waits until a person has typed the code and logged in, then gets that person’s tokens once', async () => {
    const { device_code: code, user_code: userCode } = await begun();
    const pending = await poll(code);
    expect(pending.status).toBe(400);
    expect(Object.keys(pending.body).toSorted()).toEqual(['error', 'error_description']);
    expect(pending.body).toMatchObject({ error: 'authorization_pending' });

    expect(await submit({ interactive_user_code: userCode })).toMatchObject({ status: 200 });
    expect(await poll(code)).toMatchObject({ body: { error: 'authorization_pending' } });
    const approved = await submit({ interactive_user_code: userCode, ...ada() });
    expect(approved).toMatchObject({
      status: 302,
      location: expect.stringContaining('/oauth2/device-complete?'),
    });
    expect((await fetch(approved.location!)).status).toBe(200);

    const { status, body } = await poll(code);
    expect(status).toBe(200);
    const claims = decodeJwt(body.access_token);
    expect(claims).toMatchObject({ sub: adaId, aud: applicationId, sid: body.refresh_token_id });
    const again = await requestToken(sandbox, {
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token,
      ...client(),
    });
    expect(again.status).toBe(200);
    expect(await poll(code)).toMatchObject({ status: 400, body: { error_reason: 'invalid_device_code' } });
  });

  it('gets no refresh token unless it asked for one', async () => {
    const { device_code: code, user_code: userCode } = await begun({ scope: 'openid' });
    await submit({ interactive_user_code: userCode, ...ada() });
    const { body } = await poll(code);
    expect(body.refresh_token).toBeUndefined();
    expect(body.id_token).toBeDefined();
  });

  it('gets expired_token once its code has expired', async () => {
    const { device_code: code, user_code: userCode } = await begun();
    sandbox.clock.advance(301_000);
    const { status, body } = await poll(code);
    expect(status).toBe(400);
    expect(body).toEqual({ error: 'expired_token', error_description: expect.any(String) });
    expect((await submit({ interactive_user_code: userCode, ...ada() })).status).toBe(200);
  });

  it('gets slow_down if a setting says so', async () => {
    const { device_code: code } = await begun();
    sandbox.settings.slowDownDevices = true;
    expect(await poll(code)).toMatchObject({ status: 400, body: { error: 'slow_down' } });
    sandbox.settings.slowDownDevices = false;
    expect(await poll(code)).toMatchObject({ body: { error: 'authorization_pending' } });
  });

  it.each([
    ['an unknown code', 'unknown', {}, 400, 'invalid_device_code'],
    ['no code', undefined, {}, 400, 'missing_device_code'],
    [
      'no secret',
      undefined,
      { client_secret: undefined, device_code: 'any' },
      401,
      'client_authentication_missing',
    ],
  ])('is refused with %s', async (_what, code, fields, status, reason) => {
    const answer = await poll(code as string, fields);
    expect(answer).toMatchObject({ status, body: { error_reason: reason } });
  });

  it('is refused with a code of another client', async () => {
    const { device_code: code } = await begun();
    const { body } = await call(sandbox, 'POST', '/api/application', {
      application: {
        name: 'Another',
        oauthConfiguration: {
          enabledGrants: [grant],
          deviceVerificationURL: verificationUri,
          clientSecret: 'its',
        },
      },
    });
    const { id } = body['application'] as { id: string };
    expect(await poll(code, { client_id: id, client_secret: 'its' })).toMatchObject({
      body: { error_reason: 'invalid_device_code' },
    });
    expect(await poll(code)).toMatchObject({ body: { error: 'authorization_pending' } });
  });

  it('gets no tokens of a person who was locked after the approval', async () => {
    const { device_code: code, user_code: userCode } = await begun();
    await submit({ interactive_user_code: userCode, ...ada() });
    await call(sandbox, 'DELETE', `/api/user/${adaId}`);
    expect(await poll(code)).toMatchObject({ status: 400, body: { error_reason: 'user_locked' } });
  });
});

describe('the page for the code', () => {
  it('accepts it in lower case, with dashes and spaces', async () => {
    const { user_code: userCode } = await begun();
    const typed = ` ${userCode.slice(0, 3).toLowerCase()}-${userCode.slice(3)} `;
    const { page } = await submit({ interactive_user_code: typed });
    expect(page).toContain('Log in and connect the device');
  });

  it('shows the code of the query, escaped', async () => {
    const query = new URLSearchParams({ client_id: applicationId, tenantId, user_code: '"><b>' });
    const page = await (await fetch(`${sandbox.url}/oauth2/device?${query.toString()}`)).text();
    expect(page).toContain('value="&quot;&gt;&lt;b&gt;"');
  });

  it.each([
    [
      'a code that no device shows',
      { interactive_user_code: 'XXXXXX' },
      'No device is showing this code now. Check it and type it again.',
    ],
    ['no code', {}, 'No device is showing this code now. Check it and type it again.'],
  ])('says so of %s', async (_what, fields, text) => {
    expect(await submit(fields)).toMatchObject({ status: 200, page: expect.stringContaining(text) });
  });

  it('approves nothing with a wrong password', async () => {
    const { device_code: code, user_code: userCode } = await begun();
    const { page } = await submit({ interactive_user_code: userCode, ...ada(), password: 'wrong' });
    expect(page).toContain('Invalid log-in credentials.');
    expect(await poll(code)).toMatchObject({ body: { error: 'authorization_pending' } });
  });

  it('approves nothing for a person who must be registered and is not', async () => {
    await allow({ requireRegistration: true });
    await call(sandbox, 'DELETE', `/api/user/registration/${adaId}/${applicationId}`);
    const { device_code: code, user_code: userCode } = await begun();
    const { page } = await submit({ interactive_user_code: userCode, ...ada() });
    expect(page).toContain('You are not registered for this application.');
    expect(await poll(code)).toMatchObject({ body: { error: 'authorization_pending' } });
  });

  it('refuses a form of another site', async () => {
    const { user_code: userCode } = await begun();
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect(await submit({ interactive_user_code: userCode, ...ada() }, headers)).toMatchObject({
      status: 403,
    });
  });

  it('needs the client and its tenant', async () => {
    const answers = [{ client_id: 'nobody' }, { tenantId: applicationId }].map(
      async (fields) => (await submit(fields as Record<string, string>)).status,
    );
    expect(await Promise.all(answers)).toEqual([400, 400]);
  });
});

it.each(['device', 'not a url', '/oauth2/device'])(
  'is refused with the verification URL %j, which nobody could open',
  async (deviceVerificationURL) => {
    const { status, body } = await call(sandbox, 'PATCH', `/api/application/${applicationId}`, {
      application: { oauthConfiguration: { deviceVerificationURL } },
    });
    const field = 'application.oauthConfiguration.deviceVerificationURL';
    expect([status, body['fieldErrors']]).toMatchObject([
      400,
      { [field]: [{ code: `[invalidURL]${field}` }] },
    ]);
  },
);

describe('a page of the application’s own', () => {
  const validate = (userCode: string) =>
    fetch(`${sandbox.url}/oauth2/device/validate?client_id=${applicationId}&user_code=${userCode}`);
  const describe = (fields: Record<string, string | undefined>) =>
    postForm(sandbox, '/oauth2/device/user-code', { ...client(), ...fields });
  const approve = (fields: Record<string, string | undefined>) =>
    postForm(sandbox, '/oauth2/device/approve', { ...client(), ...fields });

  it('can ask whether a device is waiting, and for which scopes', async () => {
    const { user_code: userCode } = await begun();
    const validated = await validate(userCode);
    expect([validated.status, await validated.text()]).toEqual([200, '']);
    expect(await describe({ user_code: userCode })).toMatchObject({
      status: 200,
      body: { client_id: applicationId, scope: 'offline_access', tenantId, user_code: userCode },
    });
    expect(await describe({ user_code: userCode, client_secret: undefined })).toMatchObject({ status: 401 });
    expect((await validate('XXXXXX')).status).toBe(400);
    sandbox.clock.advance(301_000);
    expect(await describe({ user_code: userCode })).toMatchObject({
      body: { error_reason: 'user_code_expired' },
    });
  });

  it('finds no device waiting with a code that is approved already', async () => {
    const { user_code: userCode } = await begun();
    const { access_token: token } = await logIn(sandbox);
    expect(await approve({ user_code: userCode, token })).toMatchObject({ status: 200 });
    expect((await validate(userCode)).status).toBe(400);
    expect(await approve({ user_code: userCode, token })).toMatchObject({
      status: 400,
      body: { error_reason: 'invalid_user_code' },
    });
  });

  it('approves it by an access token of the person', async () => {
    const { device_code: code, user_code: userCode } = await begun();
    const { access_token: token } = await logIn(sandbox);
    expect(await approve({ user_code: userCode, token })).toMatchObject({
      status: 200,
      body: { deviceGrantStatus: 'Approved', tenantId, userId: adaId },
    });
    expect((await poll(code)).status).toBe(200);
  });

  it.each([
    ['without the client’s secret', { client_secret: undefined }, 401],
    ['with something that is not a token', { token: 'a.b.c' }, 400],
    ['with another tenant', { tenantId: applicationId }, 400],
  ])('approves nothing %s', async (_what, fields, status) => {
    const { device_code: code, user_code: userCode } = await begun();
    const { access_token: token } = await logIn(sandbox);
    expect(await approve({ user_code: userCode, token, ...fields })).toMatchObject({ status });
    expect(await poll(code)).toMatchObject({ body: { error: 'authorization_pending' } });
  });

  it('approves nothing by an ID token or an expired one', async () => {
    const { user_code: userCode } = await begun();
    const { id_token: idToken, access_token: token } = await logIn(sandbox, { scope: 'openid' });
    expect(await approve({ user_code: userCode, token: idToken })).toMatchObject({ status: 400 });
    await configureTenant(sandbox, {
      externalIdentifierConfiguration: { deviceCodeTimeToLiveInSeconds: 9_000 },
    });
    const { user_code: later } = await begun();
    sandbox.clock.advance(3_601_000);
    expect(await approve({ user_code: later, token })).toMatchObject({ status: 400 });
  });
});
