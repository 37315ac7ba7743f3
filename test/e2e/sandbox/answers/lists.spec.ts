import { randomUUID } from 'node:crypto';
import { adaId, applicationId, call, logIn, probeGroupId, tenantId } from '../started-sandbox.js';
import { sandbox } from './ground.js';

type Body = Readonly<Record<string, unknown>>;
const send = (method: string, path: string, body?: unknown) => call(sandbox, method, path, body);
const keyId = randomUUID();

/** A kind: its path, its names, one of it, and what a PUT then makes of it. */
const kinds: readonly (readonly [path: string, one: string, all: string, example: Body, change: Body])[] = [
  ['/api/tenant', 'tenant', 'tenants', { name: 'Second' }, { name: 'Renamed', issuer: 'renamed.example' }],
  ['/api/application', 'application', 'applications', { name: 'Second' }, { name: 'Renamed' }],
  ['/api/group', 'group', 'groups', { name: 'Second', data: { a: 1 } }, { name: 'Renamed' }],
  [
    '/api/lambda',
    'lambda',
    'lambdas',
    { name: 'Second', type: 'JWTPopulate', body: 'function populate() {}' },
    { name: 'Renamed', body: 'function populate(jwt) {}' },
  ],
  [
    '/api/entity/type',
    'entityType',
    'entityTypes',
    { name: 'Second', permissions: [{ name: 'read' }] },
    { name: 'Renamed' },
  ],
  [
    '/api/webhook',
    'webhook',
    'webhooks',
    { url: 'http://127.0.0.1:1/second', connectTimeout: 1000, readTimeout: 1000, description: 'Second' },
    { url: 'http://127.0.0.1:1/renamed', connectTimeout: 1000, readTimeout: 1000, description: 'Renamed' },
  ],
];

const make = async (path: string, one: string, example: Body) => {
  const at = `${path}/${randomUUID()}`;
  // Made first, a second tenant would make the tenant of the others unclear.
  const { status, body } = await call(
    sandbox,
    'POST',
    at,
    { [one]: example },
    path === '/api/tenant' ? {} : inTenant,
  );
  expect(status).toBe(200);
  return { at, made: body[one] as Body };
};
const inTenant = { 'x-fusionauth-tenantid': tenantId };

describe.each(kinds)('%s', (path, one, all, example, change) => {
  it('is listed, found and replaced', async () => {
    const { at, made } = await make(path, one, example);
    expect((await send('GET', path)).body[all]).toContainEqual(made);

    const searchable = 'description' in example ? 'description' : 'name';
    const search = { [searchable]: 'SECOND' };
    expect((await send('POST', `${path}/search`, { search })).body).toEqual({ [all]: [made], total: 1 });
    const { body: none } = await send('GET', `${path}/search?${searchable}=Second*nothing`);
    expect(none).toEqual({ [all]: [], total: 0 });

    const put = await send('PUT', at, { [one]: change });
    expect([put.status, put.body[one]]).toEqual([
      200,
      expect.objectContaining({ ...change, id: made['id'] }),
    ]);
    expect((await send('GET', at)).body).toEqual(put.body);
    expect((await send('PUT', `${path}/${randomUUID()}`, { [one]: change })).status).toBe(404);
  });
});

describe('an application', () => {
  it('keeps its secret, roles and scopes through a PUT, and its users can still log in', async () => {
    const path = `/api/application/${applicationId}`;
    const { application: before } = (await send('GET', path)).body as { application: Body };
    const oauthConfiguration = { ...(before['oauthConfiguration'] as Body), clientSecret: undefined };
    const wanted = { ...before, roles: undefined, oauthConfiguration };
    expect((await send('PUT', path, { application: wanted })).status).toBe(200);
    expect((await send('GET', path)).body['application']).toEqual({
      ...before,
      lastUpdateInstant: expect.any(Number) as number,
    });
    expect(await logIn(sandbox)).toMatchObject({ userId: adaId });
  });

  it('that was deactivated is listed among the inactive only, until it is reactivated', async () => {
    const { at, made } = await make('/api/application', 'application', { name: 'Resting' });
    await send('DELETE', at);
    const ids = async (query: string) =>
      ((await send('GET', `/api/application${query}`)).body['applications'] as Body[]).map(({ id }) => id);
    expect(await ids('')).not.toContain(made['id']);
    expect(await ids('?inactive=true')).toEqual([made['id']]);
    expect((await send('PUT', `${at}?reactivate=true`)).body['application']).toMatchObject({ active: true });
    expect(await ids('')).toContain(made['id']);
  });

  it('returns the settings of its client', async () => {
    const { body } = await send('GET', `/api/application/${applicationId}/oauth-configuration`);
    expect(body['oauthConfiguration']).toMatchObject({ clientId: applicationId });
  });
});

describe('a role', () => {
  it('is renamed, described and removed, from registrations too', async () => {
    const roles = `/api/application/${applicationId}/role`;
    const at = `${roles}/${randomUUID()}`;
    await send('POST', at, { role: { name: 'todo-passing' } });
    const registration = { applicationId, roles: ['todo-passing'] };
    await send('PATCH', `/api/user/registration/${adaId}`, { registration });
    expect((await send('PUT', at, { role: { description: 'Passes' } })).body['role']).toMatchObject({
      name: 'todo-passing',
      description: 'Passes',
    });
    expect((await send('PATCH', at, { role: { isDefault: 'true' } })).body['role']).toMatchObject({
      isDefault: true,
      description: 'Passes',
    });
    expect((await send('PATCH', at, { role: { name: 'todo-reader' } })).status).toBe(400);
    expect((await send('DELETE', at)).status).toBe(200);
    const { body } = await send('GET', `/api/user/registration/${adaId}/${applicationId}`);
    expect(body['registration']).toMatchObject({ roles: ['todo-reader', 'todo-writer'] });
    expect((await send('DELETE', at)).status).toBe(404);
  });
});

describe('a name with asterisks', () => {
  it.each([
    ['*TWO', 1],
    ['a*two', 1],
    ['a*a*', 1],
    ['alpha*alpha two', 0],
    ['*', 1],
    ['*a*one', 0],
    // A backtracking regular expression would not end.
    [`${'*a'.repeat(20)}*b`, 0],
  ])('%s matches the whole name or not: %i', async (name, total) => {
    const group = { name: `Alpha ${'a'.repeat(2000)} two` };
    await send('POST', '/api/group', { group });
    const { body } = await send('POST', '/api/group/search', { search: { name } });
    const groups = (body['groups'] as { name: string }[]).filter((one) => one.name === group.name);
    expect(groups).toHaveLength(total);
  });
});

describe('a key', () => {
  it('is created once by concurrent requests for the same id', async () => {
    const path = `/api/key/generate/${randomUUID()}`;
    const key = { algorithm: 'RS256', length: 2048, name: 'Twice' };
    const answers = await Promise.all([1, 2].map(() => call(sandbox, 'POST', path, { key })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
  });

  it('needs a length if it is an RSA key', async () => {
    const key = { algorithm: 'RS256', name: 'No length' };
    const { status, text } = await call(sandbox, 'POST', '/api/key/generate', { key });
    expect([status, text]).toEqual([400, expect.stringContaining('[missing]key.length')]);
  });

  it('is listed, found by its algorithm, and renamed without its private part', async () => {
    await send('POST', `/api/key/generate/${keyId}`, { key: { algorithm: 'ES256', name: 'Second' } });
    const { body: found } = await send('POST', '/api/key/search', {
      search: { name: 'second', algorithm: 'ES256' },
    });
    expect(found).toMatchObject({ total: 1, keys: [{ id: keyId, hasPrivateKey: true }] });
    expect((await send('GET', '/api/key')).body['keys']).toEqual(
      expect.arrayContaining(found['keys'] as Body[]),
    );
    const renamed = await send('PUT', `/api/key/${keyId}`, { key: { name: 'Renamed' } });
    expect(renamed.body['key']).toMatchObject({ id: keyId, name: 'Renamed', algorithm: 'ES256' });
    expect(renamed.text).not.toContain('PRIVATE');
  });
});

describe('a user action', () => {
  it('is listed, changed and reactivated', async () => {
    const { at, made } = await make('/api/user-action', 'userAction', { name: 'Second' });
    expect((await send('GET', '/api/user-action')).body['userActions']).toContainEqual(made);
    expect((await send('PATCH', at, { userAction: { temporal: true } })).body['userAction']).toMatchObject({
      name: 'Second',
      temporal: true,
    });
    expect((await send('PUT', at, { userAction: { name: 'Renamed' } })).body['userAction']).toMatchObject({
      name: 'Renamed',
      temporal: false,
    });
    await send('DELETE', at);
    expect((await send('GET', '/api/user-action?inactive=true')).body['userActions']).toHaveLength(1);
    expect((await send('PUT', `${at}?reactivate=true`)).body['userAction']).toMatchObject({ active: true });
  });
});

describe('users', () => {
  it('are found by their ids', async () => {
    const { body } = await send('GET', `/api/user/search?ids=${adaId}&ids=${randomUUID()}`);
    expect(body).toMatchObject({ total: 1, users: [{ id: adaId }] });
    const posted = await send('POST', '/api/user/search', { search: { ids: [adaId.toUpperCase()] } });
    expect(posted.body).toEqual(body);
  });

  it.each([
    ['*', 7],
    ['ada', 1],
    ['ADA*', 1],
    ['email:*@clients.example.com', 3],
    ['email:nobody', 0],
  ])('are found by the term %s', async (queryString, total) => {
    expect((await send('POST', '/api/user/search', { search: { queryString } })).body['total']).toBe(total);
  });

  it('are sorted and paged as requested', async () => {
    const search = { queryString: '*', numberOfResults: 2, startRow: 1, sortFields: [{ name: 'email' }] };
    const { body } = await send('POST', '/api/user/search', { search });
    expect((body['users'] as Body[]).map(({ email }) => email)).toEqual([
      'analytics@clients.example.com',
      'bruno@example.com',
    ]);
  });

  it.each([
    [{ queryString: 'email:a AND active:true' }, 501],
    [{ query: '{"match_all":{}}' }, 501],
    [{}, 400],
    [{ ids: ['not an id'] }, 400],
  ])('are not searched by %j, which is answered with %d', async (search, status) => {
    expect((await send('POST', '/api/user/search', { search })).status).toBe(status);
  });
});

describe('entities', () => {
  it('are found, replaced and changed in part; their type stays', async () => {
    const { made: type } = await make('/api/entity/type', 'entityType', { name: 'Device' });
    const { at, made } = await make('/api/entity', 'entity', { name: 'Second', type: { id: type['id'] } });
    const found = await send('POST', '/api/entity/search', { search: { queryString: 'name:second' } });
    expect(found.body).toEqual({ entities: [made], total: 1 });
    const { clientSecret } = made;
    expect((await send('PUT', at, { entity: { name: 'Renamed' } })).body['entity']).toMatchObject({
      name: 'Renamed',
      clientSecret,
    });
    expect((await send('PATCH', at, { entity: { data: { a: {} } } })).body['entity']).toMatchObject({
      name: 'Renamed',
      data: { a: {} },
      clientSecret,
    });
    const { made: other } = await make('/api/entity/type', 'entityType', { name: 'Other' });
    expect((await send('PATCH', at, { entity: { type: { id: other['id'] } } })).status).toBe(400);
  });

  it('lose a permission that their type loses', async () => {
    const { at: typeAt, made: type } = await make('/api/entity/type', 'entityType', { name: 'Device' });
    const permission = `${typeAt}/permission/${randomUUID()}`;
    await send('POST', permission, { permission: { name: 'read' } });
    const { at } = await make('/api/entity', 'entity', { name: 'Second', type: { id: type['id'] } });
    await send('POST', `${at}/grant`, { grant: { userId: adaId, permissions: ['read'] } });
    const changed = await send('PATCH', permission, { permission: { isDefault: true } });
    expect(changed.body['permission']).toMatchObject({ name: 'read', isDefault: true });
    expect((await send('DELETE', permission)).status).toBe(200);
    const { body } = await send('GET', `${at}/grant?userId=${adaId}`);
    expect(body['grant']).toMatchObject({ permissions: [] });
  });
});

describe('a key of one tenant', () => {
  it('lists and finds nothing of another tenant', async () => {
    const other = randomUUID();
    await send('POST', `/api/tenant/${other}`, { tenant: { name: 'Other' } });
    const key = { authorization: 'the key of the other tenant' };
    await call(
      sandbox,
      'POST',
      '/api/api-key',
      { apiKey: { key: key.authorization, tenantId: other } },
      { authorization: sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY']! },
    );
    const ask = (path: string) => call(sandbox, 'GET', path, undefined, key);
    expect((await ask('/api/tenant')).body['tenants']).toMatchObject([{ id: other }]);
    expect((await ask('/api/application')).body['applications']).toEqual([]);
    expect((await ask('/api/group/search')).body['total']).toBe(0);
    expect((await ask(`/api/user/search?ids=${adaId}`)).body['total']).toBe(0);
    expect((await ask(`/api/group/${probeGroupId}`)).status).toBe(404);
  });
});
