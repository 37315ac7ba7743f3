import { randomBytes, randomUUID } from 'node:crypto';
import { mintApiKey } from '#gatehouse/auth';
import { tenantId } from '../../tools/issuer/src/token-minter.js';
import { summary } from './context.js';
import { type ContractWorld, type Door, startContractWorld } from './contract-world.js';

describe('a guard that accepts only keys that this project issued', () => {
  let world: ContractWorld;
  let door: Door;
  beforeAll(async () => {
    world = await startContractWorld();
    door = await world.open({ AUTH_STRATEGY: 'api-key', API_KEY_FORMAT: 'issued' });
  });
  afterAll(() => world.close());

  const present = (key: string) => door.get('/me', { 'x-api-key': key });
  async function atFusionAuth(id: string, key: string): Promise<void> {
    const permissions = { endpoints: { '/api/group': ['GET'] } };
    await world.admin('POST', `/api/api-key/${id}`, { apiKey: { key, tenantId, permissions } });
  }

  it('accepts one that FusionAuth knows, and names it by its id', async () => {
    const id = randomUUID();
    const key = mintApiKey(id);
    await atFusionAuth(id, key);
    const answer = await present(key);
    expect(summary(answer)).toEqual([200, undefined]);
    expect(JSON.parse(answer.text)).toMatchObject({ via: 'api-key', credentialId: id });
  });

  it('refuses a thousand made-up keys without a call to FusionAuth', async () => {
    world.sandbox.requests.clear();
    const good = mintApiKey(randomUUID());
    const madeUp = Array.from({ length: 1_000 }, (_, turn) =>
      turn % 2 ? randomBytes(40).toString('base64url') : good.slice(0, -8) + randomBytes(4).toString('hex'),
    );
    for (const key of madeUp) expect(summary(await present(key))).toEqual([401, 'invalid_token']);
    expect(world.sandbox.requests.counts()).toEqual({});
  });

  it('asks FusionAuth about twenty of a thousand well-formed ones a second, from any number of addresses, and serves valid ones', async () => {
    // Each request appears to come from another address, so that no limit per address interferes.
    const open = {
      AUTH_STRATEGY: 'api-key',
      API_KEY_FORMAT: 'issued',
      REFUSED_ATTEMPTS_PER_MINUTE: '1000000',
    };
    const wide = await world.open(open);
    const id = randomUUID();
    const own = mintApiKey(id);
    await atFusionAuth(id, own);
    const status = async (key: string) => (await wide.get('/me', { 'x-api-key': key })).status;
    expect(await status(own)).toBe(200);
    const askedEachSecond: number[] = [];
    const refused: Record<number, number> = {};
    for (let second = 0; second < 10; second += 1) {
      world.sandbox.clock.advance(1_000);
      world.sandbox.requests.clear();
      const guesses = await Promise.all(Array.from({ length: 100 }, () => status(mintApiKey(randomUUID()))));
      for (const one of guesses) refused[one] = (refused[one] ?? 0) + 1;
      askedEachSecond.push(world.sandbox.requests.count('GET /api/group'));
      expect(await status(own)).toBe(200);
    }
    process.stdout.write(
      `1000 well-formed keys in 10 s: asked ${askedEachSecond.join(', ')}; ${JSON.stringify(refused)}\n`,
    );
    expect(Math.max(...askedEachSecond)).toBeLessThanOrEqual(20);
    expect(Object.keys(refused)).toEqual(['401', '429']);
  });

  it('asks FusionAuth about a well-formed one that nobody issued, and refuses it the same way', async () => {
    world.sandbox.requests.clear();
    expect(summary(await present(mintApiKey(randomUUID())))).toEqual([401, 'invalid_token']);
    expect(world.sandbox.requests.counts()).toEqual({ 'GET /api/group': 1 });
  });

  it('refuses a valid key that FusionAuth generated, which API_KEY_FORMAT=any accepts', async () => {
    const key = randomBytes(32).toString('base64url');
    await atFusionAuth(randomUUID(), key);
    expect(summary(await present(key))).toEqual([401, 'invalid_token']);
    const any = await world.open({ AUTH_STRATEGY: 'api-key' });
    expect(summary(await any.get('/me', { 'x-api-key': key }))).toEqual([200, undefined]);
  });
});
