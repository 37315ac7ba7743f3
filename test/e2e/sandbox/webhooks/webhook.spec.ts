import { call, tenantId } from '../started-sandbox.js';
import { addWebhook, webhookKeyId } from '../webhook-receiver.js';
import { del, sandbox } from './ground.js';

const url = 'http://127.0.0.1:1/events';
const create = (webhook: object, id = '') => call(sandbox, 'POST', `/api/webhook${id}`, { webhook });
const needed = { url, connectTimeout: 1000, readTimeout: 2000 };
const id = '4f8a2d71-6c3b-49e5-8d10-b2e7f5a9c036';

describe('a webhook', () => {
  it('is created with the requested id, read alone and in the list, and deleted', async () => {
    const { status, body } = await create({ ...needed, headers: { 'X-Of-Mine': 'a' } }, `/${id}`);
    expect(status).toBe(200);
    expect(body['webhook']).toEqual({
      ...needed,
      id,
      eventsEnabled: {},
      global: false,
      headers: { 'X-Of-Mine': 'a' },
      signatureConfiguration: { enabled: false },
      tenantIds: [],
      insertInstant: expect.any(Number),
      lastUpdateInstant: expect.any(Number),
    });
    expect((await call(sandbox, 'GET', `/api/webhook/${id}`)).body).toEqual(body);
    expect((await call(sandbox, 'GET', '/api/webhook')).body).toEqual({ webhooks: [body['webhook']] });
    expect(await del(`/api/webhook/${id}`)).toMatchObject({ status: 200, text: '' });
    expect(await call(sandbox, 'GET', `/api/webhook/${id}`)).toMatchObject({ status: 404, text: '' });
    expect((await call(sandbox, 'GET', '/api/webhook')).body).toEqual({ webhooks: [] });
  });

  it('is replaced by PUT and merged into by PATCH, which appends to arrays', async () => {
    const made = await addWebhook(sandbox, url, { description: 'First' });
    const path = `/api/webhook/${made}`;
    const patch = { webhook: { readTimeout: 5000, tenantIds: [tenantId], eventsEnabled: { test: true } } };
    const patched = (await call(sandbox, 'PATCH', path, patch)).body['webhook'];
    expect(patched).toMatchObject({
      description: 'First',
      connectTimeout: 1000,
      readTimeout: 5000,
      tenantIds: [tenantId],
      eventsEnabled: { test: true, 'user.delete': true },
    });
    const put = (await call(sandbox, 'PUT', path, { webhook: needed })).body['webhook'];
    expect(put).toMatchObject({ ...needed, tenantIds: [], eventsEnabled: {}, global: false });
    expect(put).not.toHaveProperty('description');
  });

  it.each([
    ['without a URL', { url: undefined }, '[blank]webhook.url'],
    ['with a URL that is not one', { url: 'events' }, '[invalid]webhook.url'],
    ['with a URL of another scheme', { url: 'file:///etc/passwd' }, '[invalid]webhook.url'],
    ['without a connect time-out', { connectTimeout: undefined }, '[blank]webhook.connectTimeout'],
    ['without a read time-out', { readTimeout: undefined }, '[blank]webhook.readTimeout'],
    ['with a read time-out of nothing', { readTimeout: 0 }, '[invalid]webhook.readTimeout'],
    ['for a tenant that is not there', { tenantIds: [webhookKeyId] }, '[invalid]webhook.tenantIds'],
    [
      'signed without a key',
      { signatureConfiguration: { enabled: true } },
      '[missing]webhook.signatureConfiguration.signingKeyId',
    ],
    [
      'signed by a key that is not there',
      { signatureConfiguration: { enabled: true, signingKeyId: tenantId } },
      '[invalid]webhook.signatureConfiguration.signingKeyId',
    ],
  ])('is refused %s', async (_case, changes, code) => {
    const { status, text } = await create({ ...needed, ...changes });
    expect([status, text]).toEqual([400, expect.stringContaining(`"${code}"`)]);
    expect((await call(sandbox, 'GET', '/api/webhook')).body).toEqual({ webhooks: [] });
  });

  it('is refused when another has the id', async () => {
    await create(needed, `/${id}`);
    expect(await create(needed, `/${id}`)).toMatchObject({ status: 400 });
  });

  it.each(['POST', 'GET', 'PUT', 'PATCH', 'DELETE'])(
    'is out of reach of a tenant’s key: %s',
    async (method) => {
      await create(needed, `/${id}`);
      const authorization = sandbox.secrets['FUSIONAUTH_MANAGER_KEY']!;
      const body = method === 'GET' ? undefined : { webhook: needed };
      const answer = await call(sandbox, method, `/api/webhook/${id}`, body, { authorization });
      expect(answer).toMatchObject({ status: 401, text: '' });
    },
  );

  it('prevents the deletion of its signing key', async () => {
    const made = await addWebhook(sandbox, url);
    expect(await del(`/api/key/${webhookKeyId}`)).toMatchObject({
      status: 400,
      text: expect.stringContaining('[inUse]keyId'),
    });
    await del(`/api/webhook/${made}`);
    expect(await del(`/api/key/${webhookKeyId}`)).toMatchObject({ status: 200, text: '' });
    expect(await call(sandbox, 'GET', `/api/key/${webhookKeyId}`)).toMatchObject({ status: 404 });
  });
});
