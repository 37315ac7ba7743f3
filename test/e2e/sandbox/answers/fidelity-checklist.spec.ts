import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import {
  adaId,
  api,
  applicationId,
  authorize,
  call,
  configure,
  configureTenant,
  exchange,
  introspect,
  lock,
  logIn,
  newCode,
  postForm,
  probeGroupId,
  refresh,
  requestToken,
  tenantId,
} from '../started-sandbox.js';
import {
  addWebhook,
  type Received,
  type Receiver,
  sendEvents,
  startedReceiver,
} from '../webhook-receiver.js';
import { sandbox } from './ground.js';

const login = (changes: object = {}) =>
  call(sandbox, 'POST', '/api/login', {
    loginId: 'ada@example.com',
    password: sandbox.secrets['ADA_PASSWORD'],
    applicationId,
    ...changes,
  });
const loginStatus = async (changes: object = {}) => (await login(changes)).status;
const patchAda = (user: object) => call(sandbox, 'PATCH', `/api/user/${adaId}`, { user });
const validate = (token: string) =>
  call(sandbox, 'GET', '/api/jwt/validate', undefined, { authorization: `Bearer ${token}` });
const keyIds = async () => {
  const answer = await fetch(`${sandbox.url}/.well-known/jwks.json`);
  return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
};
const discovery = async (path: string) =>
  (await (await fetch(`${sandbox.url}${path}/.well-known/openid-configuration`)).json()) as {
    issuer: string;
  };
const entityToken = async (scope: string) => {
  const { body } = await postForm(sandbox, '/oauth2/token', {
    grant_type: 'client_credentials',
    client_id: '2d7f9a10-4b6c-4e8d-9f21-7c5e3a1b0d44',
    client_secret: sandbox.secrets['REMINDER_ENTITY_SECRET'],
    scope,
  });
  return decodeJwt(body['access_token'] as string);
};
const todoApi = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';
const isEmpty = (status: number) => ({ status, text: '' });

/** Runs `work` with a webhook that asks for everything. */
async function listening(transactionType: string, work: (receiver: Receiver) => Promise<void>) {
  const receiver = await startedReceiver();
  try {
    await sendEvents(sandbox, transactionType);
    await addWebhook(sandbox, receiver.url);
    await work(receiver);
  } finally {
    await receiver.stop();
  }
}

type Row = readonly [sentence: string, holds: () => Promise<void>];

/** The quirks of FusionAuth that clients are most likely to stumble over, each with its proof. */
const rows: readonly Row[] = [
  [
    'introspection and validation notice no lock, no log-out and no revocation by default',
    async () => {
      const { access_token, refresh_token } = await logIn(sandbox);
      await call(sandbox, 'POST', '/api/logout', { refreshToken: refresh_token });
      await lock(sandbox, adaId);
      await api(sandbox, 'DELETE', `/api/user/${adaId}`);
      expect((await introspect(sandbox, access_token)).body['active']).toBe(true);
      expect((await validate(access_token)).status).toBe(200);
    },
  ],
  [
    'the setting strictIntrospection, off by default, makes them notice',
    async () => {
      expect(sandbox.settings.strictIntrospection).toBe(false);
      sandbox.settings.strictIntrospection = true;
      const { access_token } = await logIn(sandbox);
      await api(sandbox, 'DELETE', `/api/user/${adaId}`);
      expect((await introspect(sandbox, access_token)).text).toBe('{"active":false}');
      expect(await validate(access_token)).toMatchObject(isEmpty(401));
    },
  ],
  [
    '401, 404, 410 and 423 have empty bodies',
    async () => {
      const unkeyed = { authorization: '' };
      expect(await call(sandbox, 'GET', `/api/user/${adaId}`, undefined, unkeyed)).toMatchObject(
        isEmpty(401),
      );
      expect(await call(sandbox, 'GET', `/api/user/${tenantId}`)).toMatchObject(isEmpty(404));
      expect(await login({ password: 'wrong' })).toMatchObject(isEmpty(404));
      await patchAda({ expiry: sandbox.clock.now() });
      expect(await login()).toMatchObject(isEmpty(410));
      await api(sandbox, 'DELETE', `/api/user/${adaId}`);
      expect(await login()).toMatchObject(isEmpty(423));
    },
  ],
  [
    'errors are by field or general, only with 400, and OAuth errors only below /oauth2',
    async () => {
      const byField = await call(sandbox, 'POST', '/api/user', { user: { email: 'none' } });
      expect([byField.status, Object.keys(byField.body)]).toEqual([400, ['fieldErrors']]);
      const general = await call(sandbox, 'DELETE', '/api/jwt/refresh');
      expect([general.status, Object.keys(general.body)]).toEqual([400, ['generalErrors']]);
      const oauth = await requestToken(sandbox, { grant_type: 'none', client_id: applicationId });
      expect([oauth.status, Object.keys(oauth.body).sort()]).toEqual([
        400,
        ['error', 'error_description', 'error_reason'],
      ]);
    },
  ],
  [
    'an API key is the bare value of Authorization; with Bearer it is 401',
    async () => {
      const key = sandbox.secrets['FUSIONAUTH_API_KEY']!;
      const statusWith = async (authorization: string) =>
        (await call(sandbox, 'GET', `/api/group/${probeGroupId}`, undefined, { authorization })).status;
      expect([await statusWith(key), await statusWith(`Bearer ${key}`)]).toEqual([200, 401]);
    },
  ],
  [
    'a new API key may be refused for up to a minute, and a deleted one may work for as long',
    async () => {
      sandbox.settings.keyCacheDelaySeconds = 60;
      const headers = { authorization: sandbox.secrets['FUSIONAUTH_MANAGER_KEY']! };
      const apiKey = { permissions: { endpoints: { '/api/group': ['GET'] } } };
      const { body } = await call(sandbox, 'POST', '/api/api-key', { apiKey }, headers);
      const { id, key } = body['apiKey'] as { id: string; key: string };
      const probe = async () =>
        (await call(sandbox, 'GET', `/api/group/${probeGroupId}`, undefined, { authorization: key })).status;
      const statuses = [await probe()];
      sandbox.clock.advance(60_000);
      statuses.push(await probe());
      await call(sandbox, 'DELETE', `/api/api-key/${id}`, undefined, headers);
      statuses.push(await probe());
      sandbox.clock.advance(60_000);
      statuses.push(await probe());
      expect(statuses).toEqual([401, 200, 200, 401]);
    },
  ],
  [
    'a log-in with correct credentials is 202, 203, 212, 213 or 242 by fields of the user and the registration',
    async () => {
      await configureTenant(sandbox, { emailConfiguration: { unverified: { behavior: 'Gated' } } });
      await configure(sandbox, { unverified: { behavior: 'Gated' } });
      const register = (verified: boolean) =>
        call(sandbox, 'PUT', `/api/user/registration/${adaId}`, {
          registration: { applicationId, verified },
        });
      const statuses = [await loginStatus()];
      const then = async (change: Promise<unknown>) => {
        await change;
        statuses.push(await loginStatus());
      };
      await then(register(false));
      await then(patchAda({ verified: false }));
      await then(patchAda({ passwordChangeRequired: true }));
      await then(patchAda({ twoFactor: { methods: [{ id: 'a1', method: 'authenticator' }] } }));
      await patchAda({ twoFactor: null, passwordChangeRequired: null, verified: true });
      await then(api(sandbox, 'DELETE', `/api/user/registration/${adaId}/${applicationId}`));
      expect(statuses).toEqual([200, 213, 212, 203, 242, 202]);
    },
  ],
  [
    '423 is answered before the password is checked',
    async () => {
      await api(sandbox, 'DELETE', `/api/user/${adaId}`);
      expect(await loginStatus({ password: 'wrong' })).toBe(423);
    },
  ],
  [
    'the fifth failed log-in locks the account: 409',
    async () => {
      for (let failed = 0; failed < 5; failed += 1)
        expect(await loginStatus({ password: 'wrong' })).toBe(404);
      expect(await loginStatus()).toBe(409);
    },
  ],
  [
    'the key of a tenant that signs with HS256 is in no key set',
    async () => {
      await configure(sandbox, { jwtConfiguration: { enabled: false } });
      const { access_token } = await logIn(sandbox);
      const { alg, kid } = decodeProtectedHeader(access_token);
      expect([alg, (await keyIds()).includes(kid!)]).toEqual(['HS256', false]);
    },
  ],
  [
    'public keys are returned as PEM by application, by kid and all together; a shared secret never is',
    async () => {
      const publicKey = async (query: string) => {
        const answer = await call(sandbox, 'GET', `/api/jwt/public-key${query}`);
        return [answer.status, answer.body] as const;
      };
      const ofApplication = `?applicationId=${applicationId}`;
      const { kid = '' } = decodeProtectedHeader((await logIn(sandbox)).access_token);
      const pem = expect.stringContaining('BEGIN PUBLIC KEY');
      expect(await publicKey(ofApplication)).toEqual([200, { publicKey: pem }]);
      expect(await publicKey(`?kid=${kid}`)).toEqual(await publicKey(ofApplication));
      expect(await publicKey(`?keyId=${kid}`)).toEqual(await publicKey(''));
      expect(await publicKey('')).toEqual([200, { publicKeys: expect.objectContaining({ [kid]: pem }) }]);
      await configure(sandbox, { jwtConfiguration: { enabled: false } });
      const { kid: shared = '' } = decodeProtectedHeader((await logIn(sandbox)).access_token);
      for (const query of [ofApplication, `?kid=${shared}`, '?kid=nobody', `?applicationId=${adaId}`])
        expect((await publicKey(query))[0]).toBe(404);
    },
  ],
  [
    'an ID token has the key, issuer and audience of an access token',
    async () => {
      const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', sandbox.url));
      const expected = { issuer: 'gatehouse.example', audience: applicationId };
      const { access_token, id_token = '' } = await logIn(sandbox);
      for (const token of [access_token, id_token]) {
        const { payload, protectedHeader } = await jwtVerify(token, keys, expected);
        expect([payload.sub, protectedHeader.typ]).toEqual([adaId, 'JWT']);
      }
    },
  ],
  [
    'an audience is a string, or with several targets a list, and permissions are a map by entity',
    async () => {
      const { body } = await call(sandbox, 'POST', '/api/entity', {
        entity: { name: 'Other', type: { id: '6e1c2f7a-90b4-4d53-8f0e-3a7d5b9c1e02' } },
      });
      const { id } = body['entity'] as { id: string };
      await call(sandbox, 'POST', `/api/entity/${id}/grant`, {
        grant: { recipientEntityId: '2d7f9a10-4b6c-4e8d-9f21-7c5e3a1b0d44', permissions: [] },
      });
      const one = await entityToken(`target-entity:${todoApi}`);
      const two = await entityToken(`target-entity:${todoApi} target-entity:${id}`);
      expect([one.aud, one['permissions']]).toEqual([todoApi, { [todoApi]: ['todo-auditor'] }]);
      expect([two.aud, two['permissions']]).toEqual([
        [todoApi, id],
        { [todoApi]: ['todo-auditor'], [id]: [] },
      ]);
    },
  ],
  [
    'access tokens have the claim tty only with the setting',
    async () => {
      expect(decodeJwt((await logIn(sandbox)).access_token)).not.toHaveProperty('tty');
      sandbox.settings.tty = true;
      expect(decodeJwt((await logIn(sandbox)).access_token)['tty']).toBe('at');
      expect(decodeJwt((await login()).body['token'] as string)['tty']).toBe('at');
    },
  ],
  [
    'times in tokens are seconds, instants in answers milliseconds',
    async () => {
      const { body } = await login();
      const { exp, iat } = decodeJwt(body['token'] as string);
      const { insertInstant } = body['user'] as { insertInstant: number };
      expect([exp! < 1e11, iat! < 1e11, insertInstant > 1e11]).toEqual([true, true, true]);
      expect(body['tokenExpirationInstant']).toBe(exp! * 1000);
    },
  ],
  [
    'a refresh token is single-use, except within the grace period',
    async () => {
      const { refresh_token: first = '' } = await logIn(sandbox);
      const second = (await refresh(sandbox, first)).body.refresh_token;
      expect((await refresh(sandbox, first)).body.refresh_token).toBe(second);
      sandbox.clock.advance(60_000);
      expect((await refresh(sandbox, first)).body.error).toBe('invalid_grant');
      expect((await refresh(sandbox, second!)).status).toBe(200);
    },
  ],
  [
    'the reuse of a refresh token revokes the session if the policy requires it',
    async () => {
      const refreshTokenRevocationPolicy = { onOneTimeTokenReuse: true };
      await configure(sandbox, { jwtConfiguration: { refreshTokenRevocationPolicy } });
      const { refresh_token: first = '' } = await logIn(sandbox);
      const second = (await refresh(sandbox, first)).body.refresh_token;
      sandbox.clock.advance(60_000);
      await refresh(sandbox, first);
      expect((await refresh(sandbox, second!)).body.error).toBe('invalid_grant');
    },
  ],
  [
    'a code is single-use and valid for thirty seconds',
    async () => {
      const [used, late] = [await newCode(sandbox), await newCode(sandbox)];
      const statusOf = async ({ code, verifier }: typeof used) =>
        (await exchange(sandbox, code, verifier)).status;
      expect([await statusOf(used), await statusOf(used)]).toEqual([200, 400]);
      sandbox.clock.advance(30_000);
      expect(await statusOf(late)).toBe(400);
    },
  ],
  [
    'PKCE is S256 only',
    async () => {
      const answer = await authorize(sandbox, { code_challenge_method: 'plain' });
      expect(answer.headers.get('location')).toContain('invalid_pkce_code_challenge_method');
    },
  ],
  [
    'keys rotate: the new one signs, both are in the key set, and a withdrawn one is not',
    async () => {
      const { kid, previousKid } = await sandbox.rotateKey();
      expect(decodeProtectedHeader((await logIn(sandbox)).access_token).kid).toBe(kid);
      expect(await keyIds()).toEqual(expect.arrayContaining([kid, previousKid]));
      await sandbox.withdrawKey(previousKid);
      expect(await keyIds()).not.toContain(previousKid);
    },
  ],
  [
    'webhooks are signed over the bytes of the body, and called once under None regardless of their answer',
    () =>
      listening('None', async (receiver) => {
        receiver.answer = (response) => response.writeHead(500).end();
        await api(sandbox, 'DELETE', `/api/user/${adaId}`);
        await sandbox.webhooks.settled();
        const [{ headers, body }, ...more] = receiver.received as [Received, ...Received[]];
        expect(more).toEqual([]);
        const keySet = createRemoteJWKSet(new URL(`${sandbox.url}/.well-known/jwks.json`));
        const { payload } = await jwtVerify(String(headers['x-fusionauth-signature-jwt']), keySet);
        expect(payload).toEqual({ request_body_sha256: createHash('sha256').update(body).digest('base64') });
      }),
  ],
  [
    'a change of the public keys is announced, twice if a control duplicates it',
    () =>
      listening('None', async (receiver) => {
        sandbox.webhooks.disturb({ duplicate: true, times: 1 });
        await sandbox.rotateKey();
        await sandbox.webhooks.settled();
        const told = receiver.received.map(({ event: { id, type } }) => ({ id, type }));
        expect(told).toEqual([told[0], told[0]]);
        expect(told[0]).toMatchObject({ type: 'jwt.public-key.update' });
      }),
  ],
  [
    'an issuer is free text, acme.com by default, and not a URL for discovery',
    async () => {
      const { body } = await call(sandbox, 'POST', '/api/tenant', { tenant: { name: 'Other' } });
      const { id } = body['tenant'] as { id: string };
      expect((await discovery(`/${id}`)).issuer).toBe('acme.com');
      expect((await discovery('')).issuer).toBe('gatehouse.example');
    },
  ],
  [
    'each tenant has a discovery document below its own path',
    async () => {
      expect(await discovery(`/${tenantId}`)).toEqual(await discovery(''));
      expect((await fetch(`${sandbox.url}/${adaId}/.well-known/openid-configuration`)).status).toBe(404);
    },
  ],
];

describe('the sandbox is like FusionAuth in that', () => {
  it.each(rows)('%s', (_sentence, holds) => holds());
});
