import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { adaId, api, call, configureTenant, tenantId } from '../started-sandbox.js';
import { addWebhook, type Received, sendEvents, webhookKeyId } from '../webhook-receiver.js';
import { del, events, receiver, sandbox } from './ground.js';

const deactivate = (userId = adaId) => del(`/api/user/${userId}`);
const digest = (body: Buffer) => createHash('sha256').update(body).digest('base64');
const signatureIn = ({ headers }: Received) => headers['x-fusionauth-signature-jwt'] as string;
const keySet = () => createRemoteJWKSet(new URL(`${sandbox.url}/.well-known/jwks.json`));

async function keyOf(algorithm: string) {
  const answer = await call(sandbox, 'POST', '/api/key/generate', {
    key: { algorithm, name: algorithm, ...(algorithm.startsWith('RS') && { length: 2048 }) },
  });
  return answer.body['key'] as { id: string; kid: string };
}

describe('an event', () => {
  it('is posted as JSON with the webhook’s headers and Basic credentials', async () => {
    await sendEvents(sandbox);
    await addWebhook(sandbox, receiver.url, {
      headers: { 'X-Of-Mine': 'a' },
      httpAuthenticationUsername: 'grace',
      httpAuthenticationPassword: 'päss:word',
    });
    await deactivate();
    await events();
    const { headers } = receiver.received[0]!;
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-of-mine': 'a',
      authorization: `Basic ${Buffer.from('grace:päss:word').toString('base64')}`,
    });
  });

  it('has the time of the sandbox’s clock and the origin of the request', async () => {
    await sendEvents(sandbox);
    await addWebhook(sandbox, receiver.url);
    sandbox.clock.set(Date.UTC(2030, 0, 1));
    await api(sandbox, 'DELETE', `/api/user/${adaId}`, undefined, {
      'user-agent': 'a browser',
      'x-forwarded-for': '192.0.2.7, 10.0.0.1',
    });
    const [event] = await events();
    expect(event).toMatchObject({
      type: 'user.deactivate',
      tenantId,
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      info: { ipAddress: '192.0.2.7', userAgent: 'a browser' },
      linkedObjectId: adaId,
    });
    expect(event!.createInstant - Date.UTC(2030, 0, 1)).toBeLessThan(5000);
    expect(event!.createInstant).toBeGreaterThanOrEqual(Date.UTC(2030, 0, 1));
  });

  it.each(['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'Ed25519'])(
    'is signed with a key of %s in the key set, by one claim about the bytes of its body',
    async (algorithm) => {
      const { id, kid } = await keyOf(algorithm);
      await sendEvents(sandbox);
      await addWebhook(sandbox, receiver.url, {
        signatureConfiguration: { enabled: true, signingKeyId: id },
      });
      await deactivate();
      await events();
      const [one] = receiver.received;
      const { payload, protectedHeader } = await jwtVerify(signatureIn(one!), keySet());
      expect(payload).toEqual({ request_body_sha256: digest(one!.body) });
      expect(protectedHeader).toEqual({
        alg: algorithm === 'Ed25519' ? 'EdDSA' : algorithm,
        typ: 'JWT',
        kid,
      });
    },
  );

  it('is signed with an HMAC key too, which the key set does not have', async () => {
    const { id, kid } = await keyOf('HS256');
    await sendEvents(sandbox);
    await addWebhook(sandbox, receiver.url, { signatureConfiguration: { enabled: true, signingKeyId: id } });
    await deactivate();
    await events();
    const signature = signatureIn(receiver.received[0]!);
    expect(decodeProtectedHeader(signature)).toEqual({ alg: 'HS256', typ: 'JWT', kid });
    await expect(jwtVerify(signature, keySet())).rejects.toThrow();
  });

  it('is the same bytes to every receiver, signed for each with its own key or not at all', async () => {
    const { kid } = await keyOf('RS256').then(async (key) => {
      await addWebhook(sandbox, `${receiver.url}?second`, {
        signatureConfiguration: { enabled: true, signingKeyId: key.id },
      });
      return key;
    });
    await addWebhook(sandbox, receiver.url);
    await addWebhook(sandbox, receiver.url, { signatureConfiguration: { enabled: false } });
    await sendEvents(sandbox);
    await deactivate();
    await events();
    const { received } = receiver;
    expect(new Set(received.map(({ body }) => body.toString())).size).toBe(1);
    const kids = received.map((one) => signatureIn(one) && decodeProtectedHeader(signatureIn(one)).kid);
    const key = (await call(sandbox, 'GET', `/api/key/${webhookKeyId}`)).body['key'] as { kid: string };
    expect(kids.sort()).toEqual([key.kid, kid, undefined].sort());
  });

  describe('is sent only where three settings agree', () => {
    // The kickstart file has the tenant send.
    beforeEach(() => configureTenant(sandbox, { eventConfiguration: null }));

    const webhook = (changes: object) => addWebhook(sandbox, receiver.url, changes);
    const tenantSends = (enabled: boolean) =>
      configureTenant(sandbox, { eventConfiguration: { events: { 'user.deactivate': { enabled } } } });

    it.each<[string, number, () => Promise<unknown>]>([
      ['all do', 1, () => Promise.all([tenantSends(true), webhook({})])],
      [
        'the webhook names the tenant',
        1,
        () => Promise.all([tenantSends(true), webhook({ global: false, tenantIds: [tenantId] })]),
      ],
      ['not by default', 0, () => webhook({})],
      ['not with the tenant’s switch off', 0, () => Promise.all([tenantSends(false), webhook({})])],
      [
        'not with the webhook’s switch off',
        0,
        () => Promise.all([tenantSends(true), webhook({ eventsEnabled: { 'user.deactivate': false } })]),
      ],
      [
        'not for a webhook that names another event',
        0,
        () => Promise.all([tenantSends(true), webhook({ eventsEnabled: { 'user.delete': true } })]),
      ],
      [
        'not for a webhook neither global nor of the tenant',
        0,
        () => Promise.all([tenantSends(true), webhook({ global: false })]),
      ],
    ])('%s', async (_case, count, configure) => {
      await configure();
      expect((await deactivate()).status).toBe(200);
      expect(await events()).toHaveLength(count);
    });
  });

  it('is not sent beyond this machine, and its attempt says so', async () => {
    await sendEvents(sandbox);
    await addWebhook(sandbox, 'http://192.0.2.1/events');
    expect((await deactivate()).status).toBe(200);
    await sandbox.webhooks.settled();
    const { body } = await call(sandbox, 'GET', '/api/system/webhook-event-log/search');
    expect(body).toMatchObject({
      webhookEventLogs: [
        { attempts: [{ webhookCallResponse: { exception: expect.stringContaining('this machine only') } }] },
      ],
    });
  });

  it('does not follow a redirect', async () => {
    receiver.answer = (response) => response.writeHead(307, { location: receiver.url }).end();
    await sendEvents(sandbox);
    await addWebhook(sandbox, receiver.url);
    await deactivate();
    expect(await events()).toHaveLength(1);
  });
});

describe('under the transaction type None', () => {
  beforeEach(async () => {
    await sendEvents(sandbox);
    await addWebhook(sandbox, receiver.url);
  });

  it('an event is sent once, and the change is made regardless of the answer', async () => {
    receiver.answer = (response) => response.writeHead(500).end();
    expect((await deactivate()).status).toBe(200);
    expect(await events()).toHaveLength(1);
    expect((await call(sandbox, 'GET', `/api/user/${adaId}`)).body['user']).toMatchObject({ active: false });
  });

  it('the change does not wait for a receiver', async () => {
    receiver.answer = () => undefined;
    const start = performance.now();
    expect((await deactivate()).status).toBe(200);
    expect(performance.now() - start).toBeLessThan(1500);
  });
});
