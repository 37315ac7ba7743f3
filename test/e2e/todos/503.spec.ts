import { setTimeout as sleep } from 'node:timers/promises';
import { parseConfig } from '#gatehouse/platform';
import { todoApiSchema } from '../../../apps/todo-api/src/config.js';
import { startTodoApi } from '../../../apps/todo-api/src/start-todo-api.js';
import { type Answer, apiClient, type Client, expectProblem } from '../../support/api-client.js';
import { silentLog } from '../../support/embedded-database.js';
import { PostgresDoor } from '../../support/postgres-door.js';
import { requestArrives } from '../../support/request-arrives.js';
import { startWorld, type World } from '../../support/start-world.js';

let database: PostgresDoor;
let world: World;
let ada: Client;
let stranger: Client;
beforeAll(async () => {
  database = await PostgresDoor.create('todo');
  world = await startWorld({ env: { DATABASE_URL: database.url } });
  ada = apiClient(world.api.url, await world.tokenOf('ada'));
  stranger = apiClient(world.api.url);
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const unavailable = { status: 503, code: 'database_unavailable' };

/** Repeats the request until its response has this status; fails after the given seconds. */
async function becomes(status: number, ask: () => Promise<Answer>, seconds: number): Promise<Answer> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer.status === status || Date.now() > deadline) {
      expect(answer.status).toBe(status);
      return answer;
    }
    await sleep(100);
  }
}

// The order matters: each test leaves the system in the state that the next one needs.
describe('a Todo API whose database is down when it starts', () => {
  it('runs, says why it is not ready, and asks for a retry', async () => {
    expect((await stranger('GET', '/livez')).status).toBe(200);
    const ready = await stranger('GET', '/readyz');
    expectProblem(ready, { status: 503, code: 'not_ready' });
    expect(ready.body.detail).toMatch(/database/);
    expect(ready.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('answers 503 to a valid credential, and still 401 to none', async () => {
    for (const answer of [
      await ada('GET', '/todos'),
      await ada('POST', '/todos', { json: { title: 'x' } }),
    ]) {
      expectProblem(answer, unavailable);
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    expectProblem(await stranger('GET', '/todos'), { status: 401, code: 'credential_required' });
  });

  it('migrates and serves by itself once the database is up', async () => {
    await database.open();
    expect((await becomes(200, () => stranger('GET', '/readyz'), 10)).body).toEqual({
      status: 'ok',
      reasons: [],
    });
    expect((await ada('POST', '/todos', { json: { title: 'Late' } })).status).toBe(201);
  });
});

describe('a Todo API whose database is lost later', () => {
  it('stays ready but degraded, and answers 503 with Retry-After, never 500 and never 401 (HTTP-2)', async () => {
    await database.shut();
    const answers = [
      await ada('GET', '/todos'),
      await ada('POST', '/todos', { json: { title: 'x' } }),
      await ada('POST', '/todos', { json: { title: 'x' }, headers: { 'idempotency-key': 'k' } }),
      await ada('GET', '/todos/01a20116-91a2-75be-ad2a-92ef93d57ed5'),
    ];
    for (const answer of answers) {
      expectProblem(answer, unavailable);
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(answer.body.detail).not.toMatch(/postgres|ECONN|127\.0\.0\.1/);
    }
    expect((await stranger('GET', '/readyz')).body).toEqual({
      status: 'degraded',
      reasons: ['the database does not answer'],
    });
  });

  it('serves again as soon as it is back', async () => {
    await database.open();
    const { body } = await becomes(200, () => ada('GET', '/todos'), 5);
    expect(body.items).toMatchObject([{ title: 'Late' }]);
  });

  it('does not hang when the database stops answering in the middle', async () => {
    database.freeze();
    const asked = Date.now();
    expectProblem(await ada('GET', '/todos'), unavailable);
    expect(Date.now() - asked).toBeLessThan(8_000);
    database.thaw();
    await becomes(200, () => ada('GET', '/todos'), 10);
  });
});

describe('a Todo API whose guard uses a database that hangs', () => {
  it('answers 503 and does not report FusionAuth as silent', async () => {
    const hanging = await PostgresDoor.create('todo');
    await hanging.open();
    const other = await startWorld({ env: { DATABASE_URL: hanging.url, AUTH_STRATEGY: 'email-token' } });
    try {
      const client = apiClient(other.api.url);
      await becomes(200, () => client('GET', '/readyz'), 10);
      hanging.freeze();
      // More than open the breaker for FusionAuth.
      const refused = Array.from({ length: 8 }, (_, count) => {
        const authorization = `Basic ${btoa(`ada${count}@example.com:${'a'.repeat(43)}`)}`;
        return client('GET', '/todos', { headers: { authorization } });
      });
      for (const answer of await Promise.all(refused))
        expectProblem(answer, { status: 503, code: 'authentication_unavailable' });
      expect((await client('GET', '/readyz')).body).toEqual({
        status: 'degraded',
        reasons: ['the database does not answer'],
      });
    } finally {
      hanging.thaw();
      await other.close();
      await hanging.close();
    }
  });
});

describe('a Todo API that is stopped', () => {
  it('answers the requests in progress, then closes', async () => {
    database.freeze();
    const asked = Date.now();
    const arrival = requestArrives();
    const inFlight = ada('GET', '/todos');
    await arrival;
    const closed = world.api.close();
    await sleep(200);
    database.thaw();
    expect((await inFlight).status).toBe(200);
    await closed;
    expect(Date.now() - asked).toBeLessThan(5_000);
    await expect(stranger('GET', '/livez')).rejects.toThrow('fetch failed');
  });
});

describe('a Todo API whose FusionAuth is down when it starts', () => {
  it('is not ready, answers 503 instead of 401, and recovers by itself', async () => {
    const token = await world.tokenOf('ada');
    world.sandbox.faults.set('*', { status: 500 });
    const config = parseConfig(todoApiSchema, { ...world.env, FUSIONAUTH_DEADLINE_MS: '200' });
    const api = await startTodoApi(config, { log: silentLog });
    try {
      const client = apiClient(api.url, token);
      expectProblem(await client('GET', '/readyz'), { status: 503, code: 'not_ready' });
      const refused = await client('GET', '/todos');
      expectProblem(refused, { status: 503, code: 'authentication_unavailable' });
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      world.sandbox.faults.clear();
      await becomes(200, () => client('GET', '/readyz'), 10);
      expect((await client('GET', '/todos')).status).toBe(200);
    } finally {
      await api.close();
    }
  });
});
