import { setTimeout as delay } from 'node:timers/promises';
import { applicationId } from '../../../../tools/issuer/src/token-minter.js';
import type { Issued } from '../../../contract/mode.js';
import { bearer, logIn, newPerson, personTricks } from '../../../contract/people.js';
import { apiClient } from '../../../support/api-client.js';
import { startWorld, type World } from '../../../support/start-world.js';
import { fusionAuthOf, metric, statusOf, within } from './ground.js';

let world: World;
let fusionAuth: ReturnType<typeof fusionAuthOf>;
beforeAll(async () => {
  world = await startWorld({ push: true });
  fusionAuth = fusionAuthOf(world);
});
afterAll(() => world.close());

const refused = (issued: Issued) => within(1_000, () => statusOf(world.api.url, issued), 401);
const applied = () => metric(world, 'gatehouse_revocation_events_total{outcome="applied"}');

const changes: readonly [string, (issued: Issued) => Promise<unknown>][] = [
  [
    'jwt.refresh-token.revoke of one session',
    ({ sessionId }) => fusionAuth.admin('DELETE', `/api/jwt/refresh/${sessionId}`),
  ],
  [
    'jwt.refresh-token.revoke of all sessions of a user',
    ({ userId }) => fusionAuth.admin('DELETE', `/api/jwt/refresh?userId=${userId}`),
  ],
  ['user.action that prevents log-in', (issued) => personTricks.lock(fusionAuth.world, issued)],
  ['user.deactivate', (issued) => personTricks.deactivate(fusionAuth.world, issued)],
  ['user.delete', (issued) => personTricks.removeUser(fusionAuth.world, issued)],
  ['user.registration.update', (issued) => personTricks.setRoles(fusionAuth.world, issued, ['todo-writer'])],
  [
    'user.registration.delete',
    ({ userId }) => fusionAuth.admin('DELETE', `/api/user/registration/${userId}/${applicationId}`),
  ],
];

describe('an event of FusionAuth', () => {
  it.each(changes)(
    'revokes within a second the access tokens that it concerns, and no others: %s',
    async (_event, change) => {
      const [concerned, other] = [await fusionAuth.newcomer(), await fusionAuth.newcomer()];
      expect(await statusOf(world.api.url, concerned)).toBe(200);
      const before = await applied();
      await change(concerned);
      await refused(concerned);
      // The token is refused immediately; the event is counted once it is stored.
      await within(20_000, async () => (await applied()) > before, true);
      expect(await statusOf(world.api.url, other)).toBe(200);
    },
  );

  it('of a session does not affect the other sessions of its user', async () => {
    const person = await newPerson(fusionAuth.world);
    const [one, two] = [await logIn(fusionAuth.world, person), await logIn(fusionAuth.world, person)];
    const issued = (token: string): Issued => ({ headers: bearer(token), secrets: [] });
    await fusionAuth.admin('DELETE', `/api/jwt/refresh/${one['refresh_token_id'] as string}`);
    await refused(issued(one.access_token));
    expect(await statusOf(world.api.url, issued(two.access_token))).toBe(200);
  });

  it('does not affect a token of a later log-in', async () => {
    const person = await newPerson(fusionAuth.world);
    const before = await logIn(fusionAuth.world, person);
    await personTricks.setRoles(fusionAuth.world, { headers: {}, secrets: [], userId: person.userId }, [
      'todo-auditor',
    ]);
    await refused({ headers: bearer(before.access_token), secrets: [] });
    await delay(1_001);
    const after = await logIn(fusionAuth.world, person);
    expect(await statusOf(world.api.url, { headers: bearer(after.access_token), secrets: [] })).toBe(200);
  });

  it('of changed keys has the key set fetched again: jwt.public-key.update', async () => {
    const fetched = () => world.sandbox.requests.count('GET /.well-known/jwks.json');
    const before = fetched();
    await world.sandbox.rotateKey();
    await within(1_000, () => Promise.resolve(fetched() > before), true);
    expect(await metric(world, 'gatehouse_revocation_events_total{outcome="refreshed_keys"}')).toBe(1);
  });

  it('is accepted by POST only, and every refusal is a problem of the API', async () => {
    const answer = await apiClient(world.api.url)('GET', '/webhooks/fusionauth');
    expect([answer.status, answer.headers.get('allow'), answer.body.code]).toEqual([
      405,
      'POST',
      'method_not_allowed',
    ]);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  // The last test, because it revokes every token.
  it('of the application revokes everyone’s tokens: jwt.refresh-token.revoke', async () => {
    const everybody = [await fusionAuth.newcomer(), await fusionAuth.newcomer()];
    await fusionAuth.admin('DELETE', `/api/jwt/refresh?applicationId=${applicationId}`);
    await Promise.all(everybody.map(refused));
  });
});
