import { Secret } from '#gatehouse/platform';
import { apiKeyProbe } from './api-key-probe.js';
import { publicDocuments } from './discovery.js';
import { introspection } from './introspection.js';
import { login } from './login.js';
import { ownKey } from './own-key.js';
import { sessionRecords } from './session-records.js';
import type { Call, FusionAuthRequest } from './transport.js';
import { FusionAuthDeclined, FusionAuthUnavailable } from './unavailable.js';

const signal = new AbortController().signal;
const tenantId = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
const applicationId = 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c';
const keyless = { url: 'http://fusionauth.invalid', tenantId, applicationId, deadlineMs: 1_000 };
const keyed = { ...keyless, apiKey: new Secret('our-key') };

/** Returns a FusionAuth with one answer to every request, and the requests. */
function answering(status: number, body?: unknown) {
  const requests: FusionAuthRequest[] = [];
  const call: Call = (_operation, request) => {
    requests.push(request);
    return Promise.resolve({ status, body });
  };
  return { call, requests };
}

const unavailable = { name: 'FusionAuthUnavailable' };
const refusedUs = (setting: string) => ({ name: 'FusionAuthRefusedUs', setting });

describe('introspection', () => {
  const client = { ...keyless, clientSecret: new Secret('client-secret') };
  const ask = (status: number, body?: unknown) =>
    introspection(answering(status, body).call, client)('token', 'user', signal);

  it.each([true, false])('accepts a plain active: %s', async (active) => {
    expect(await ask(200, { active })).toBe(active);
  });

  it.each([
    ['an empty object', 200, {}],
    ['active as a text', 200, { active: 'false' }],
    ['a 400', 400, undefined],
  ])('treats %s as no answer, never as a refusal', async (_what, status, body) => {
    await expect(ask(status, body)).rejects.toMatchObject(unavailable);
  });

  it('treats a 401 as a refusal of our own secret', async () => {
    await expect(ask(401)).rejects.toMatchObject(refusedUs('FUSIONAUTH_CLIENT_SECRET'));
  });

  it('says that a user’s token must be an access token, and sends our secret only for one', async () => {
    const { call, requests } = answering(200, { active: true });
    await introspection(call, client)('token', 'user', signal);
    await introspection(call, client)('token', 'machine', signal);
    const forms = requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(forms).toEqual([
      {
        ...{ token: 'token', token_type_hint: 'access_token' },
        ...{ client_id: applicationId, client_secret: 'client-secret' },
      },
      { token: 'token' },
    ]);
  });
});

describe('a log-in', () => {
  const attempt = { email: 'ada@example.com', token: 'authentication-token', address: '' };
  const user = { id: 'ada', tenantId };
  const ask = (status: number, body?: unknown) => login(answering(status, body).call, keyed)(attempt, signal);

  it('is accepted by a 200 with a token and a user', async () => {
    expect(await ask(200, { token: 'jwt', user })).toMatchObject({ kind: 'accepted', token: 'jwt', user });
  });

  it.each([202, 203, 212, 213, 242, 404, 409, 410, 423])(
    'is refused by a %i, even if that contains the user',
    async (status) => {
      expect(await ask(status, { token: 'jwt', user })).toMatchObject({ kind: 'refused' });
    },
  );

  it.each([
    ['a 200 without a token', 200, { user }],
    ['a 200 without a user', 200, { token: 'jwt' }],
    ['a 400', 400, undefined],
    ['a 503', 503, undefined],
  ])('has no answer in %s', async (_what, status, body) => {
    await expect(ask(status, body)).rejects.toMatchObject(unavailable);
  });

  it('treats a 401 as a refusal of our own key', async () => {
    await expect(ask(401)).rejects.toMatchObject(refusedUs('FUSIONAUTH_API_KEY'));
  });

  it('names the tenant, the application and the address, if there is one', async () => {
    const { call, requests } = answering(404);
    await login(call, keyed)(attempt, signal);
    await login(call, keyed)({ ...attempt, address: '203.0.113.5' }, signal);
    const [without, with_] = requests.map(({ body = '' }) => JSON.parse(body) as Record<string, unknown>);
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'our-key',
      'x-fusionauth-tenantid': tenantId,
    });
    expect(without).toMatchObject({ applicationId, loginIdTypes: ['email'] });
    expect([without?.['ipAddress'], with_?.['ipAddress']]).toEqual([undefined, '203.0.113.5']);
  });
});

describe('a caller’s API key', () => {
  const probe = (status: number, body?: unknown) =>
    apiKeyProbe(answering(status, body).call, 'probe').probe('key', signal);

  it('is good only if it shows the probe group', async () => {
    expect(await probe(200, { group: { id: 'probe' } })).toBe('good');
    await expect(probe(200, { group: { id: 'other' } })).rejects.toMatchObject(unavailable);
    await expect(probe(200, {})).rejects.toMatchObject(unavailable);
  });

  it('is refused by a 401, of another tenant by a 404, and undecided by anything else', async () => {
    expect([await probe(401), await probe(404)]).toEqual(['refused', 'elsewhere']);
    for (const status of [302, 400, 403, 429, 500])
      await expect(probe(status)).rejects.toMatchObject(unavailable);
  });
});

describe('FusionAuth’s records behind a token', () => {
  const records = (status: number, body?: unknown) => sessionRecords(answering(status, body).call, keyed);

  it('are missing only if the answer is 404', async () => {
    expect(await records(404).session('sid', signal)).toBeUndefined();
    expect(await records(404).locks('ada', signal)).toEqual([]);
    for (const status of [302, 400, 403, 500])
      await expect(records(status).session('sid', signal)).rejects.toMatchObject(unavailable);
    await expect(records(200, {}).user('ada', signal)).rejects.toMatchObject(unavailable);
  });

  it('are refused to our own key by a 401, and are not requested without a key', async () => {
    await expect(records(401).user('ada', signal)).rejects.toMatchObject(refusedUs('FUSIONAUTH_API_KEY'));
    const { call, requests } = answering(200);
    await expect(sessionRecords(call, keyless).user('ada', signal)).rejects.toMatchObject(
      refusedUs('FUSIONAUTH_API_KEY'),
    );
    expect(requests).toEqual([]);
  });

  it('are requested until the signal or the transport aborts the call', async () => {
    const { call, requests } = answering(404);
    const read = sessionRecords(call, keyed);
    await read.session('sid', signal);
    await read.session('sid');
    expect(requests[0]?.signal).toBe(signal);
    expect(requests[1]).not.toHaveProperty('signal');
  });

  it('tell whether an action prevents log-in; an answer that does not say so is none', async () => {
    const action = (status: number, body?: unknown) => records(status, body).userAction('lock', signal);
    for (const preventLogin of [true, false])
      expect(await action(200, { userAction: { preventLogin } })).toEqual({ preventsLogin: preventLogin });
    expect(await action(404)).toBeUndefined();
    await expect(action(200, { userAction: {} })).rejects.toMatchObject(unavailable);
    await expect(action(401)).rejects.toMatchObject(refusedUs('FUSIONAUTH_API_KEY'));
  });

  it('are requested by an id that stays within one segment of the path', async () => {
    const { call, requests } = answering(404);
    const read = sessionRecords(call, keyed);
    await read.session('../user/x?y', signal);
    await read.grant('a/b', 'c&d', signal);
    await read.userAction('../user', signal);
    expect(requests.map(({ path }) => path)).toEqual([
      '/api/jwt/refresh/..%2Fuser%2Fx%3Fy',
      '/api/entity/a%2Fb/grant?recipientEntityId=c%26d',
      '/api/user-action/..%2Fuser',
    ]);
  });
});

describe('our own key', () => {
  const key = (status: number) => ownKey(answering(status).call, keyed);

  it('lacks a permission only if the answer is 401', async () => {
    expect([await key(401).permits('GET /api/user'), await key(404).permits('GET /api/user')]).toEqual([
      false,
      true,
    ]);
    await expect(key(503).permits('GET /api/user')).rejects.toMatchObject(unavailable);
  });

  it('sees the probe group, sees that there is none, or is not permitted to look', async () => {
    expect([
      await key(200).seesProbeGroup(),
      await key(404).seesProbeGroup(),
      await key(401).seesProbeGroup(),
    ]).toEqual([true, false, undefined]);
  });

  it('is tested with calls that change nothing, even if they are permitted', async () => {
    const { call, requests } = answering(401);
    const own = ownKey(call, keyless);
    await own.permits('POST /api/login');
    await own.permits('DELETE /api/user/registration');
    const { loginId } = JSON.parse(requests[0]?.body ?? '{}') as { loginId: string };
    expect(loginId).toMatch(/^[0-9a-f-]{36}@invalid$/);
    expect(requests[1]).toMatchObject({ method: 'DELETE', body: '{}' });
    expect(requests[1]?.path).toMatch(/^\/api\/user\/registration\/([0-9a-f-]{36})\/\1$/);
  });
});

describe('FusionAuth’s public documents', () => {
  const documents = (status: number, body?: unknown) =>
    publicDocuments(answering(status, body).call, tenantId);

  it('contain the key set only with a 200', async () => {
    expect(await documents(200, { keys: [] }).readKeySet()).toEqual({ keys: [] });
    for (const status of [204, 302, 404, 500])
      await expect(documents(status).readKeySet()).rejects.toMatchObject(unavailable);
  });

  it('tell whether an application signs with a key pair', async () => {
    expect([
      await documents(200, { publicKey: 'PEM' }).hasPublicKey(applicationId),
      await documents(200, {}).hasPublicKey(applicationId),
      await documents(404).hasPublicKey(applicationId),
    ]).toEqual([true, false, false]);
    await expect(documents(500).hasPublicKey(applicationId)).rejects.toMatchObject(unavailable);
  });

  it('may lack a date', async () => {
    expect(await documents(200).readClock()).toBeUndefined();
  });
});

describe('a FusionAuth that gave no usable answer', () => {
  const error = (status: number | undefined, code: string) =>
    new FusionAuthUnavailable('login', {
      status,
      durationMs: 3.4,
      cause: Object.assign(new Error('x'), { code }),
    });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])(
    'cannot have acted on the call after %s',
    (code) => expect(error(undefined, code).reached).toBe(false),
  );

  it('may have acted on it after any other failure', () => {
    expect([error(undefined, 'UND_ERR_SOCKET').reached, error(502, 'ECONNREFUSED').reached]).toEqual([
      true,
      true,
    ]);
  });

  it('is described by operation, status and kind, never by the message of a cause, which may quote a body', () => {
    const cause = new SyntaxError('Unexpected token in "secret-body"');
    const { message } = new FusionAuthUnavailable('login', { status: 200, durationMs: 3.4, cause });
    expect(message).toBe('FusionAuth login: answer 200, not JSON after 3 ms');
  });

  it('lacks a licence by its code, in either spelling', () => {
    const declined = (code: string) => new FusionAuthDeclined('PUT /api/entity', [code]).notLicensed;
    expect(['[notLicensed]', '[missingLicence]', '[duplicate]user.email'].map(declined)).toEqual([
      true,
      true,
      false,
    ]);
  });
});
