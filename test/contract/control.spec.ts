import { randomUUID } from 'node:crypto';
import { FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { fusionAuthControl } from '#gatehouse/fusionauth/control';
import { Secret } from '#gatehouse/platform';
import { applicationId, tenantId } from '../../tools/issuer/src/token-minter.js';
import { type ContractWorld, startContractWorld } from './contract-world.js';
import { newPerson } from './people.js';

describe('the control side of FusionAuth', () => {
  let world: ContractWorld;
  beforeAll(async () => (world = await startContractWorld()));
  afterAll(() => world.close());

  const control = (key = world.sandbox.secrets['FUSIONAUTH_MANAGER_KEY'] ?? '') =>
    fusionAuthControl({
      url: world.sandbox.url,
      tenantId,
      applicationId,
      key: new Secret(key),
      keyName: 'FUSIONAUTH_MANAGER_KEY',
      timeoutMs: 300,
    });
  const basic = (email: string, token: string) => ({
    authorization: `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`,
  });

  it('issues an API key that is valid for the API and nothing else, and revokes it', async () => {
    const door = await world.open({ AUTH_STRATEGY: 'api-key' });
    const [id, key] = [randomUUID(), randomUUID()];
    await control().apiKeys.make({ id, key, description: 'a client' });
    expect((await door.get('/todos', { 'x-api-key': key })).status).toBe(200);
    await control().apiKeys.remove(id);
    world.sandbox.clock.advance(5_000);
    expect((await door.get('/todos', { 'x-api-key': key })).status).toBe(401);
  });

  it('issues an authentication token that replaces the previous one', async () => {
    const door = await world.open({ AUTH_STRATEGY: 'email-token' });
    const { userId, email, authenticationToken } = await newPerson(world);
    const next = await control().users.replaceToken(userId);
    expect((await door.get('/todos', basic(email, next))).status).toBe(200);
    expect((await door.get('/todos', basic(email, authenticationToken ?? ''))).status).toBe(401);
  });

  it('issues an authentication token that expires when asked to, even while verdicts are trusted for longer', async () => {
    const door = await world.open({ AUTH_STRATEGY: 'email-token', CREDENTIAL_CACHE_SECONDS: '3600' });
    const user = {
      id: randomUUID(),
      email: 'a@clients.invalid',
      password: randomUUID(),
      fullName: 'A client',
    };
    const expiresAt = world.sandbox.clock.now() + 10_000;
    const token = await control().users.makeWithToken({ ...user, roles: ['todo-reader'] }, expiresAt);
    const status = async () => (await door.get('/todos', basic(user.email, token))).status;
    expect(await status()).toBe(200);
    world.sandbox.clock.advance(9_999);
    expect(await status()).toBe(200);
    world.sandbox.clock.advance(1);
    expect(await status()).toBe(401);
    await control().users.expireToken(user.id, world.sandbox.clock.now() + 60_000);
    world.sandbox.clock.advance(3_600_000);
    expect(await status()).toBe(401);
  });

  it('treats an unreadable expiry as past', async () => {
    const door = await world.open({ AUTH_STRATEGY: 'email-token' });
    const { userId, email, authenticationToken } = await newPerson(world);
    await world.admin('PATCH', `/api/user/registration/${userId}`, {
      registration: { applicationId, data: { expiresAt: '2999-01-01' } },
    });
    expect((await door.get('/todos', basic(email, authenticationToken ?? ''))).status).toBe(401);
    expect(await door.written()).toContain('expiry-unreadable');
  });

  it('reports that the manager key is refused', async () => {
    const error = await control('wrong')
      .apiKeys.remove(randomUUID())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FusionAuthRefusedUs);
    expect(String(error)).toContain('FUSIONAUTH_MANAGER_KEY');
  });

  it('gives up in time on a FusionAuth that hangs, and reports no body', async () => {
    world.sandbox.faults.set('*', { answer: 'hang' });
    const started = Date.now();
    const error = await control()
      .apiKeys.remove(randomUUID())
      .catch((thrown: unknown) => thrown);
    world.sandbox.faults.clear();
    expect(error).toBeInstanceOf(FusionAuthUnavailable);
    expect(String(error)).toMatch(/DELETE \/api\/api-key: no answer in time after \d+ ms/);
    expect(Date.now() - started).toBeLessThan(2_000);
  });
});
