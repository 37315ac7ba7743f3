import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  adaId,
  api,
  applicationId,
  call,
  lock,
  logIn,
  probeGroupId,
  startedSandbox,
  tenantId,
} from '../started-sandbox.js';
import { addWebhook, sendEvents } from '../webhook-receiver.js';
import { sandbox } from './ground.js';

const probe = (authorization: string | undefined, headers: Record<string, string> = {}) =>
  fetch(`${sandbox.url}/api/group/${probeGroupId}`, {
    headers: { ...(authorization === undefined ? {} : { authorization }), ...headers },
  });
const manager = () => ({ authorization: sandbox.secrets['FUSIONAUTH_MANAGER_KEY']! });
const probeOnly = { permissions: { endpoints: { '/api/group': ['GET'] } } };

async function newKey(apiKey: object = probeOnly, headers = manager()): Promise<{ id: string; key: string }> {
  const answer = await api(sandbox, 'POST', '/api/api-key', { apiKey }, headers);
  if (answer.status !== 200) throw new Error(`creating a key answered ${answer.status}`);
  return ((await answer.json()) as { apiKey: { id: string; key: string } }).apiKey;
}

describe('an API key', () => {
  it('is the bare value of Authorization: with a scheme, wrong or missing it is 401 with an empty body', async () => {
    const key = sandbox.secrets['FUSIONAUTH_API_KEY']!;
    expect((await probe(key)).status).toBe(200);
    // cspell:ignore apikey
    for (const wrong of [`Bearer ${key}`, `Basic ${btoa(`apikey:${key}`)}`, `${key}x`, undefined]) {
      const answer = await probe(wrong);
      expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 401, body: '' });
    }
  });

  it.each([0, 60])('may be created again after its deletion, with a key cache of %i s', async (seconds) => {
    const named = { ...probeOnly, name: 'Reused', key: 'a value of its own' };
    const { id } = await newKey(named);
    sandbox.settings.keyCacheDelaySeconds = seconds;
    expect((await api(sandbox, 'DELETE', `/api/api-key/${id}`, undefined, manager())).status).toBe(200);
    const again = await api(sandbox, 'POST', `/api/api-key/${id}`, { apiKey: named }, manager());
    expect(again.status).toBe(200);
    sandbox.clock.advance(60_000);
    expect((await probe(named.key)).status).toBe(200);
  });

  it('permits what its permissions name, by method, and nothing else', async () => {
    const headers = { authorization: sandbox.secrets['FUSIONAUTH_API_KEY']! };
    const statusOf = async (method: string, path: string) =>
      (await api(sandbox, method, path, undefined, headers)).status;
    expect(await statusOf('GET', `/api/user/${adaId}`)).toBe(200);
    expect(await statusOf('DELETE', `/api/user/${adaId}`)).toBe(401);
    expect(await statusOf('GET', `/api/user/registration/${adaId}/${applicationId}`)).toBe(401);
    expect(await statusOf('GET', `/api/application/${applicationId}`)).toBe(401);
  });

  it('without permissions permits everything except API keys', async () => {
    const key = randomUUID();
    await api(sandbox, 'POST', '/api/api-key', { apiKey: { key } });
    const withKey = { authorization: key };
    const read = await api(sandbox, 'GET', `/api/application/${applicationId}`, undefined, withKey);
    expect(read.status).toBe(200);
    expect((await api(sandbox, 'POST', '/api/api-key', { apiKey: probeOnly }, withKey)).status).toBe(401);
  });

  it('answers 404 with an empty body when nothing is there', async () => {
    const answer = await api(sandbox, 'GET', `/api/group/${adaId}`);
    expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 404, body: '' });
  });

  it('expires', async () => {
    const { key } = await newKey({ ...probeOnly, expirationInstant: sandbox.clock.now() + 60_000 });
    expect((await probe(key)).status).toBe(200);
    sandbox.clock.advance(60_000);
    expect((await probe(key)).status).toBe(401);
  });

  it('takes effect, and stops working, after the delay of the key cache', async () => {
    sandbox.settings.keyCacheDelaySeconds = 30;
    const { id, key } = await newKey();
    expect((await probe(key)).status).toBe(401);
    sandbox.clock.advance(30_000);
    expect((await probe(key)).status).toBe(200);
    expect((await api(sandbox, 'DELETE', `/api/api-key/${id}`, undefined, manager())).status).toBe(200);
    expect((await api(sandbox, 'GET', `/api/api-key/${id}`, undefined, manager())).status).toBe(404);
    expect((await probe(key)).status).toBe(200);
    sandbox.clock.advance(30_000);
    expect((await probe(key)).status).toBe(401);
  });

  it('is shown again only when it is retrievable', async () => {
    const shown = async (id: string) =>
      (
        (await (await api(sandbox, 'GET', `/api/api-key/${id}`, undefined, manager())).json()) as {
          apiKey: { key?: string };
        }
      ).apiKey.key;
    const open = await newKey();
    const closed = await newKey({ ...probeOnly, name: 'Closed', retrievable: false });
    expect(closed.key).toMatch(/^[\w-]{43}$/);
    expect(await shown(open.id)).toBe(open.key);
    expect(await shown(closed.id)).toBeUndefined();
  });

  it('of the Reminder App permits the probe group and nothing else', async () => {
    const headers = { authorization: sandbox.secrets['REMINDER_API_KEY']! };
    expect((await probe(headers.authorization)).status).toBe(200);
    for (const path of [`/api/user/${adaId}`, `/api/application/${applicationId}`, `/api/entity/${adaId}`])
      expect((await api(sandbox, 'GET', path, undefined, headers)).status).toBe(401);
  });
});

describe('a change of an API key', () => {
  const change = (method: string, id: string, apiKey: object) =>
    call(sandbox, method, `/api/api-key/${id}`, { apiKey }, manager());
  const userReader = { permissions: { endpoints: { '/api/user': ['GET'] } } };

  it('by PUT replaces what may change; its value, tenant and insertInstant stay', async () => {
    const { id, key } = await newKey({ ...probeOnly, name: 'First' });
    const { status, body } = await change('PUT', id, { ...userReader, name: 'Second' });
    expect([status, body['apiKey']]).toEqual([
      200,
      expect.objectContaining({ id, key, tenantId, name: 'Second', keyManager: false, ...userReader }),
    ]);
    expect((await probe(key)).status).toBe(401);
    expect((await api(sandbox, 'GET', `/api/user/${adaId}`, undefined, { authorization: key })).status).toBe(
      200,
    );
    expect((await change('PUT', id, userReader)).body['apiKey']).not.toHaveProperty('name');
  });

  it('by PATCH changes a part: an expiry is set, and removed by null', async () => {
    const { id, key } = await newKey();
    await change('PATCH', id, { expirationInstant: sandbox.clock.now() });
    expect((await probe(key)).status).toBe(401);
    await change('PATCH', id, { expirationInstant: null });
    expect((await probe(key)).status).toBe(200);
  });

  it.each([
    ['its value', { key: 'another' }, 'apiKey.key'],
    ['its tenant', { tenantId: adaId }, 'apiKey.tenantId'],
    ['whether it is shown', { retrievable: false }, 'apiKey.retrievable'],
  ])('does not reach %s', async (_what, changes, field) => {
    const { id } = await newKey();
    const { status, body } = await change('PATCH', id, changes);
    expect([status, body['fieldErrors']]).toEqual([400, { [field]: expect.anything() }]);
  });

  it('gives no more than the manager has, which also keeps it from stronger keys', async () => {
    const { id, key } = await newKey();
    expect(
      (await change('PUT', id, { permissions: { endpoints: { '/api/tenant': ['PATCH'] } } })).status,
    ).toBe(401);
    expect((await change('PUT', id, { permissions: { endpoints: {} } })).status).toBe(401);
    expect((await probe(key)).status).toBe(200);
    expect((await change('PUT', adaId, probeOnly)).status).toBe(404);
  });

  it('never permits the endpoint of the keys themselves', async () => {
    const endpoints = { '/api/group': ['GET'], '/api/api-key': ['GET', 'POST'] };
    const { id } = await newKey({ permissions: { endpoints } });
    const { body } = await call(sandbox, 'GET', `/api/api-key/${id}`, undefined, manager());
    expect(body['apiKey']).toMatchObject({ permissions: { endpoints: { '/api/group': ['GET'] } } });
    expect(JSON.stringify(body)).not.toContain('/api/api-key');
  });
});

describe('a new API key', () => {
  it('copies the rights of another, with a value of its own', async () => {
    const source = await newKey({ ...probeOnly, name: 'Original' });
    const { status, body } = await call(
      sandbox,
      'POST',
      '/api/api-key',
      { sourceKeyId: source.id },
      manager(),
    );
    const copy = body['apiKey'] as { key: string };
    expect([status, copy]).toEqual([200, expect.objectContaining(probeOnly)]);
    expect(copy.key).not.toBe(source.key);
    expect(copy).not.toHaveProperty('name');
    expect((await probe(copy.key)).status).toBe(200);
  });

  it.each([
    ['a name that is taken', { ...probeOnly, name: 'Taken' }, '[duplicate]apiKey.name'],
    ['a value that is taken', { ...probeOnly, key: 'taken' }, '[duplicate]apiKey.key'],
    ['no name and never to be shown', { ...probeOnly, retrievable: false }, '[blank]apiKey.name'],
  ])('with %s is refused', async (_case, apiKey, code) => {
    await newKey({ ...probeOnly, name: 'Taken', key: 'taken' });
    const { status, text } = await call(sandbox, 'POST', '/api/api-key', { apiKey }, manager());
    expect([status, text]).toEqual([400, expect.stringContaining(code)]);
  });
});

describe('a key manager', () => {
  it('grants no more than it has: no further permissions, not all of them, no other tenant', async () => {
    for (const apiKey of [
      { permissions: { endpoints: { '/api/tenant': ['PATCH'] } } },
      { permissions: { endpoints: { '/api/group': ['GET', 'DELETE'] } } },
      {},
      { ...probeOnly, tenantId: adaId },
    ])
      expect((await api(sandbox, 'POST', '/api/api-key', { apiKey }, manager())).status).toBe(401);

    expect((await api(sandbox, 'POST', '/api/api-key', { apiKey: probeOnly }, manager())).status).toBe(200);
  });

  it('binds its keys to its own tenant, and they cannot manage keys', async () => {
    const { key } = await newKey({ ...probeOnly, keyManager: true });
    expect((await probe(key, { 'x-fusionauth-tenantid': tenantId })).status).toBe(200);
    const answer = await api(sandbox, 'POST', '/api/api-key', { apiKey: probeOnly }, { authorization: key });
    expect(answer.status).toBe(401);
  });
});

describe('several tenants', () => {
  const other = '11111111-2222-4333-8444-555555555555';
  const user = { user: { email: 'dana@example.com', password: 'password of dana' } };
  beforeEach(() => api(sandbox, 'POST', `/api/tenant/${other}`, { tenant: { name: 'Other' } }));

  it('make the tenant header necessary if no id determines the tenant', async () => {
    const answer = await api(sandbox, 'POST', '/api/user', user);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      generalErrors: [{ code: '[TenantIdRequired]', message: expect.any(String) }],
    });
    expect((await api(sandbox, 'POST', '/api/user', user, { 'x-fusionauth-tenantid': other })).status).toBe(
      200,
    );
    expect((await api(sandbox, 'GET', `/api/user/${adaId}`)).status).toBe(200);
  });

  it('keep their users apart, even with the same address', async () => {
    for (const tenant of [other, tenantId]) {
      expect(
        (await api(sandbox, 'POST', '/api/user', user, { 'x-fusionauth-tenantid': tenant })).status,
      ).toBe(200);
    }
    const seen = await api(sandbox, 'GET', `/api/user/${adaId}`, undefined, {
      'x-fusionauth-tenantid': other,
    });
    expect(seen.status).toBe(404);
  });

  it('are closed to keys of another tenant, and global operations to every tenant-bound key', async () => {
    const { key } = await newKey(probeOnly, manager());
    expect((await probe(key)).status).toBe(200);
    expect((await probe(key, { 'x-fusionauth-tenantid': other })).status).toBe(400);
    const { group } = (await (
      await api(
        sandbox,
        'POST',
        '/api/group',
        { group: { name: 'Theirs' } },
        { 'x-fusionauth-tenantid': other },
      )
    ).json()) as { group: { id: string } };
    const theirs = await fetch(`${sandbox.url}/api/group/${group.id}`, { headers: { authorization: key } });
    expect(theirs.status).toBe(404);
    expect((await api(sandbox, 'POST', '/api/tenant', { tenant: { name: 'x' } }, manager())).status).toBe(
      401,
    );
  });
});

describe('beside a key manager of the whole instance', () => {
  const other = '11111111-2222-4333-8444-555555555555';
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-keys-'));
  let global: Awaited<ReturnType<typeof startedSandbox>>;
  beforeAll(async () => {
    const kickstartFile = join(directory, 'kickstart.json');
    writeFileSync(kickstartFile, kickstartWithGlobalManager());
    global = await startedSandbox({ kickstartFile });
  });
  beforeEach(() => global.sandbox.reset());
  afterAll(async () => {
    await global.stop();
    rmSync(directory, { recursive: true });
  });

  const made = async (apiKey: object) => {
    const { body } = await call(global.sandbox, 'POST', '/api/api-key', { apiKey });
    return body['apiKey'] as { id: string; key: string };
  };

  it('one with fewer rights neither reads, changes nor deletes the keys that have more', async () => {
    const headers = { authorization: global.sandbox.secrets['FUSIONAUTH_MANAGER_KEY']! };
    const permissions = { endpoints: { '/api/tenant': ['PATCH'] } };
    const { id } = await made({ tenantId, permissions });
    const statusOf = async (method: string, body?: object) =>
      (await call(global.sandbox, method, `/api/api-key/${id}`, body, headers)).status;
    expect(await statusOf('GET')).toBe(401);
    expect(await statusOf('PUT', { apiKey: probeOnly })).toBe(401);
    expect(await statusOf('DELETE')).toBe(401);
    expect((await call(global.sandbox, 'GET', `/api/api-key/${id}`)).body['apiKey']).toMatchObject({
      permissions,
    });
  });

  it('a key of a tenant that does not exist is refused', async () => {
    const apiKey = { tenantId: adaId };
    const { status, body } = await call(global.sandbox, 'POST', '/api/api-key', { apiKey });
    expect([status, body['fieldErrors']]).toMatchObject([400, { 'apiKey.tenantId': expect.anything() }]);
  });

  it('a key of one tenant sees the events of that tenant only', async () => {
    await call(global.sandbox, 'POST', `/api/tenant/${other}`, { tenant: { name: 'Other' } });
    const permissions = {
      endpoints: {
        '/api/system/webhook-event-log': ['GET'],
        '/api/system/webhook-event-log/search': ['GET'],
      },
    };
    await sendEvents(global.sandbox);
    await addWebhook(global.sandbox, 'http://127.0.0.1:1/');
    await lock(global.sandbox, adaId);
    await global.sandbox.webhooks.settled();
    const seenBy = async (keyTenant: string) => {
      const authorization = (await made({ tenantId: keyTenant, permissions })).key;
      const path = '/api/system/webhook-event-log/search';
      return (await call(global.sandbox, 'GET', path, undefined, { authorization })).body['total'];
    };
    expect([await seenBy(tenantId), await seenBy(other)]).toEqual([1, 0]);
  });

  it('a key of another tenant neither reads nor ends the sessions of this one', async () => {
    await call(global.sandbox, 'POST', `/api/tenant/${other}`, { tenant: { name: 'Other' } });
    const sessions = '/api/jwt/refresh';
    const permissions = { endpoints: { [sessions]: ['GET', 'DELETE'] } };
    const stranger = { authorization: (await made({ tenantId: other, permissions })).key };
    const ours = { authorization: (await made({ tenantId, permissions })).key };
    const path = `${sessions}/${(await logIn(global.sandbox))['refresh_token_id'] as string}`;
    const statusOf = async (method: string, target: string, headers: Record<string, string>) =>
      (await call(global.sandbox, method, target, undefined, headers)).status;
    expect([await statusOf('GET', path, stranger), await statusOf('DELETE', path, stranger)]).toEqual([
      404, 404,
    ]);
    await statusOf('DELETE', `${sessions}?userId=${adaId}`, stranger);
    await statusOf('DELETE', `${sessions}?applicationId=${applicationId}`, stranger);
    expect([await statusOf('GET', path, ours), await statusOf('DELETE', path, ours)]).toEqual([200, 200]);
  });

  it('a permission covers its endpoint with ids, and not an endpoint below it', async () => {
    const todoApi = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';
    const authorization = (await made({ tenantId, permissions: { endpoints: { '/api/entity': ['GET'] } } }))
      .key;
    const statusOf = async (path: string) =>
      (await call(global.sandbox, 'GET', path, undefined, { authorization })).status;
    expect([
      await statusOf(`/api/entity/${todoApi}`),
      await statusOf(`/api/entity/${todoApi}/grant`),
    ]).toEqual([200, 401]);
  });
});

/** The project's own kickstart file, whose first key may here make keys of any kind and tenant. */
function kickstartWithGlobalManager(): string {
  const kickstart = JSON.parse(readFileSync('deploy/kickstart/kickstart.json', 'utf8')) as {
    apiKeys: [object, ...object[]];
  };
  const [first, ...others] = kickstart.apiKeys;
  return JSON.stringify({ ...kickstart, apiKeys: [{ ...first, keyManager: true }, ...others] });
}
