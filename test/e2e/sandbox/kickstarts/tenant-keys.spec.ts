import type { Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import { ask, Ground, partOf, post } from './ground.js';

const ground = new Ground();
let sandbox: Sandbox;
const second = 'fedf8cb2-457d-46c6-bbe4-1bf8debc1534';
const other = '11111111-2222-4333-8444-555555555555';

beforeAll(async () => {
  sandbox = await ground.start({
    apiKeys: [{ key: 'first-key' }, { key: 'bound', tenantId: second }],
    requests: [
      post(`/api/tenant/${second}`, { tenant: { name: 'Second' } }),
      post(`/api/tenant/${other}`, { tenant: { name: 'Third' } }),
      post(`/api/entity/type/${second}`, { entityType: { name: 'Thing' } }),
    ],
  });
});
afterAll(() => ground.remove());

const asBound = (method: string, path: string, body?: object) =>
  ask(sandbox, method, path, body, { authorization: 'bound' });
const nothing = '99999999-2222-4333-8444-555555555555';

describe('a key of one tenant', () => {
  // FusionAuth's list of endpoints says which take such a key.
  it.each([
    ['GET', `/api/tenant/${second}`, 200],
    ['PATCH', `/api/tenant/${second}`, 200, { tenant: { issuer: 'own.example' } }],
    ['GET', `/api/application/${nothing}`, 404],
    ['POST', '/api/application', 200, { application: { name: 'Own' } }],
    ['POST', '/api/group', 200, { group: { name: 'Own' } }],
    ['GET', `/api/user/${nothing}`, 404],
    ['POST', '/api/user', 200, { user: { email: 'a@example.com', password: 'password' } }],
    ['GET', `/api/user/action?userId=${nothing}`, 404],
    ['GET', `/api/jwt/refresh/${nothing}`, 404],
    ['GET', `/api/entity/${nothing}`, 404],
    ['POST', `/api/entity/type/${second}/permission`, 200, { permission: { name: 'read' } }],
    ['GET', '/api/system/webhook-event-log/search', 200],
  ])('is accepted: %s %s -> %s', async (method, path, status, ...body: object[]) => {
    expect((await asBound(method, path, ...body)).status).toBe(status);
  });

  it.each([
    ['GET', `/api/entity/type/${second}`],
    ['POST', '/api/key/generate', { key: { name: 'K', algorithm: 'ES256' } }],
    ['GET', `/api/key/${nothing}`],
    ['GET', `/api/lambda/${nothing}`],
    ['GET', `/api/user-action/${nothing}`],
  ])('is refused, because it concerns every tenant: %s %s', async (method, path, ...body: object[]) => {
    expect(await asBound(method, path, ...body)).toEqual({ status: 401, body: {} });
  });

  it('creates records in its own tenant, and sees no other', async () => {
    const made = await asBound('POST', '/api/group', { group: { name: 'Another' } });
    expect(partOf(made, 'group')['tenantId']).toBe(second);
    for (const method of ['GET', 'DELETE'])
      expect((await asBound(method, `/api/tenant/${other}`)).status).toBe(404);
    expect((await ask(sandbox, 'GET', `/api/tenant/${other}`)).status).toBe(200);
  });
});
