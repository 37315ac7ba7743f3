import { randomUUID } from 'node:crypto';
import { apiKeyModes } from '../contract/api-key.modes.js';
import { type ContractWorld, startContractWorld } from '../contract/contract-world.js';
import { bearer, logIn, newPerson } from '../contract/people.js';

let world: ContractWorld;
beforeAll(async () => {
  world = await startContractWorld();
});
afterAll(() => world.close());

// The cache is off: every request asks FusionAuth.
const askAlways = { CREDENTIAL_CACHE_SECONDS: '0' };
const [apiKey] = apiKeyModes;

describe('rotation', () => {
  it('two API keys of one client are accepted side by side, and one can be revoked', async () => {
    const door = await world.open({ ...apiKey!.env, ...askAlways });
    const [old, next] = [await apiKey!.issue(world), await apiKey!.issue(world)];
    const statuses = async () => [
      (await door.get('/todos', old.headers)).status,
      (await door.get('/todos', next.headers)).status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    await apiKey!.tricks.revoke!(world, old);
    expect(await statuses()).toEqual([401, 200]);
  });

  it('two sessions of one user are accepted side by side, and one can be revoked', async () => {
    const door = await world.open({ AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'session', ...askAlways });
    const person = await newPerson(world);
    const [old, next] = [await logIn(world, person), await logIn(world, person)];
    const statuses = async () => [
      (await door.get('/todos', bearer(old.access_token))).status,
      (await door.get('/todos', bearer(next.access_token))).status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    await world.admin('DELETE', `/api/jwt/refresh/${old['refresh_token_id'] as string}`);
    expect(await statuses()).toEqual([401, 200]);
  });
});

describe('the probe', () => {
  it('answers 503, not 401, if the probe group does not exist', async () => {
    const door = await world.open({ ...apiKey!.env, FUSIONAUTH_PROBE_GROUP_ID: randomUUID() });
    const { status, code } = await door.get('/todos', (await apiKey!.issue(world)).headers);
    expect([status, code]).toEqual([503, 'authentication_unavailable']);
    expect(await door.written()).toMatch(/"level":"error".*FUSIONAUTH_PROBE_GROUP_ID does not name a group/);
  });
});
