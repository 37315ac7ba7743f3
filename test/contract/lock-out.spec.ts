import { randomBytes } from 'node:crypto';
import { AuthMemoryRepository, TodoStore } from '#gatehouse/todo-database';
import { testDatabase } from '../support/embedded-database.js';
import { type ContractWorld, type Door, startContractWorld } from './contract-world.js';
import { newPerson } from './people.js';

/**
 * FusionAuth locks a user at the fifth failed log-in within a minute, so anyone who knows an e-mail address could lock
 * its owner out.
 */
describe('guessing at a client’s authentication token', () => {
  let world: ContractWorld;
  let store: TodoStore;
  let replicas: readonly [Door, Door];

  beforeAll(async () => {
    world = await startContractWorld();
    store = new TodoStore(await testDatabase('todo'));
    await store.open();
    const memory = () => new AuthMemoryRepository(store, world.sandbox.clock.now);
    const env = { AUTH_STRATEGY: 'email-token', FUSIONAUTH_DEADLINE_MS: '10000' };
    replicas = [await world.open(env, memory()), await world.open(env, memory())];
  });
  afterAll(async () => {
    await world.close();
    await store.close();
  });

  const basic = (email: string, token: string) => ({
    authorization: `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`,
  });
  const inRandomCase = (text: string) =>
    text.replace(/[a-z]/g, (letter) => (randomBytes(1)[0]! % 2 ? letter.toUpperCase() : letter));

  it('reaches FusionAuth three times a minute over all replicas, locks no user, and never blocks the client', async () => {
    const { clock, requests } = world.sandbox;
    const { userId, email, authenticationToken = '' } = await newPerson(world);
    const client = async () => (await replicas[1].get('/todos', basic(email, authenticationToken))).status;
    expect(await client()).toBe(200);
    for (let minute = 0; minute < 3; minute += 1) {
      requests.clear();
      const guesses = Array.from({ length: 60 }, (_, turn) => {
        const guess = randomBytes(24).toString('base64url');
        return replicas[turn % 2]!.get('/todos', basic(inRandomCase(email), guess));
      });
      const statuses = (await Promise.all(guesses)).map(({ status }) => status);
      expect(requests.count('POST /api/login')).toBe(3);
      expect(statuses.filter((status) => status === 401)).toHaveLength(3);
      expect(statuses.filter((status) => status === 429)).toHaveLength(57);
      expect(await client()).toBe(200);
      clock.advance(60_000);
    }
    const { actions = [] } = await world.admin<{ actions?: unknown[] }>(
      'GET',
      `/api/user/action?userId=${userId}&preventingLogin=true`,
    );
    expect(actions).toEqual([]);
  });

  it('would lock the client out without the budget: FusionAuth does so at the fifth', async () => {
    const { email, authenticationToken = '' } = await newPerson(world);
    const { FUSIONAUTH_API_KEY = '' } = world.sandbox.secrets;
    const logIn = (password: string) =>
      fetch(`${world.sandbox.url}/api/login`, {
        method: 'POST',
        headers: { authorization: FUSIONAUTH_API_KEY, 'content-type': 'application/json' },
        body: JSON.stringify({
          loginId: email,
          password,
          applicationId: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c',
        }),
      });
    for (let guess = 0; guess < 5; guess += 1) await logIn('wrong');
    expect((await logIn(authenticationToken)).status).toBe(409);
  });
});
