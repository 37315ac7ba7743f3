import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { processEnvironment } from '#gatehouse/platform';
import { type TokenMinter, tokenMinter } from '../../tools/issuer/src/token-minter.js';
import { type ContractWorld, type Door, startContractWorld } from './contract-world.js';
import { issueAccessToken } from './people.js';

/** The number in `npm test`; FLOOD_REQUESTS sets another. */
const requests = Number(processEnvironment()['FLOOD_REQUESTS'] ?? 2_000);
const atOnce = 64;
const text = (most: number) => randomBytes(randomInt(1, most)).toString('base64url');

/** Returns makers of random keys, tokens and pairs; some well-formed, some not. */
function hostile(forger: TokenMinter): (() => Promise<Record<string, string>> | Record<string, string>)[] {
  return [
    () => ({ 'x-api-key': text(200) }),
    () => ({ 'x-api-key': randomBytes(32).toString('base64url') }),
    () => ({ authorization: `Bearer ${text(300)}` }),
    () => ({ authorization: `Bearer ${text(40)}.${text(200)}.${text(300)}` }),
    async () => ({ authorization: `Bearer ${await forger.mint({}, { kid: text(30) })}` }),
    async () => ({ authorization: `Bearer ${await forger.mint({ aud: randomUUID() })}` }),
    () => ({
      authorization: `Basic ${Buffer.from(`${text(20)}@example.com:${text(40)}`).toString('base64')}`,
    }),
    () => ({ authorization: `Basic ${text(60)}` }),
    () => ({ authorization: text(60) }),
  ];
}

describe('a flood of random credentials', () => {
  let world: ContractWorld;
  let door: Door;
  beforeAll(async () => {
    world = await startContractWorld();
    door = await world.open({
      AUTH_STRATEGY: 'jwt,api-key,email-token',
      JWT_VALIDATION: 'introspection',
      FUSIONAUTH_DEADLINE_MS: '5000',
    });
  });
  afterAll(() => world.close());

  it('gets no answer of 500 or more, is never accepted, and does not affect a legitimate client', async () => {
    const forger = tokenMinter(world.sandbox.clock.now);
    const kinds = hostile(forger);
    const statuses: Record<number, number> = {};
    let sent = 0;
    const sender = async () => {
      while (sent < requests) {
        const make = kinds[sent % kinds.length];
        sent += 1;
        const { status } = await door.get('/todos', await make?.());
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    };
    world.sandbox.requests.clear();
    await Promise.all(Array.from({ length: atOnce }, sender));
    const calls = world.sandbox.requests.counts();
    process.stdout.write(`${requests} random credentials: ${JSON.stringify({ statuses, calls })}\n`);
    expect(Object.keys(statuses).map(Number).toSorted()).toEqual([400, 401, 429]);
    // Only well-formed keys and pairs lead to a call, 30 from one address and those in flight at that moment; tokens
    // are refused locally, after one fetch of the key set.
    for (const call of ['GET /api/group', 'POST /api/login'])
      expect(calls[call]).toBeLessThanOrEqual(30 + atOnce);
    expect(calls['POST /oauth2/introspect'] ?? 0).toBe(0);
    expect(calls['GET /.well-known/jwks.json'] ?? 0).toBeLessThanOrEqual(1);
    expect(calls['GET /api/user'] ?? 0).toBe(0);
    expect((await door.get('/todos', (await issueAccessToken(world)).headers)).status).toBe(200);
  });
});
