import { type Environment, parseConfig } from '#gatehouse/platform';
import { todoApiSchema } from '../../../../apps/todo-api/src/config.js';
import { startTodoApi, type TodoApi } from '../../../../apps/todo-api/src/start-todo-api.js';
import type { Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import type { Issued } from '../../../contract/mode.js';
import { personTricks } from '../../../contract/people.js';
import { apiClient } from '../../../support/api-client.js';
import { silentLog } from '../../../support/embedded-database.js';
import { PostgresDoor } from '../../../support/postgres-door.js';
import { startWorld, type World } from '../../../support/start-world.js';
import { pushSettings } from '../../../support/webhook-set-up.js';
import { addWebhook, type Receiver, startedReceiver } from '../../sandbox/webhook-receiver.js';
import { deliver, fusionAuthOf, statusOf, within } from './ground.js';

let database: PostgresDoor;
let receiver: Receiver;
let world: World;
let fusionAuth: ReturnType<typeof fusionAuthOf>;
beforeAll(async () => {
  database = await PostgresDoor.create('todo');
  receiver = await startedReceiver();
  world = await worldWith({ DATABASE_URL: database.url });
  fusionAuth = fusionAuthOf(world);
});
afterAll(async () => {
  await world.close();
  await receiver.stop();
  await database.close();
});

/** Starts a world whose events go to `receiver`, so that a test decides when the API gets them. */
async function worldWith(settings: Environment): Promise<World> {
  const env = async (sandbox: Sandbox) => ({
    ...(await pushSettings(sandbox)),
    FUSIONAUTH_API_KEY: undefined,
    ...settings,
  });
  const made = await startWorld({ env });
  await addWebhook(made.sandbox, receiver.url);
  return made;
}

const readyz = async (url = world.api.url) => (await apiClient(url)('GET', '/readyz')).body;
const isReady = async (url?: string) => (await readyz(url)).status === 'ok';
const another = (env: object): Promise<TodoApi> =>
  startTodoApi(parseConfig(todoApiSchema, { ...world.env, ...env }), { log: silentLog });

/** Returns FusionAuth's event of the user's deactivation, before the API receives it. */
async function announced(issued: Issued, { sandbox, world: fusionAuthWorld } = fusionAuth) {
  receiver.received.length = 0;
  await personTricks.deactivate(fusionAuthWorld, issued);
  await sandbox.webhooks.settled();
  const [event] = receiver.received;
  if (!event) throw new Error('the sandbox sent no event');
  return { body: event.body, signature: String(event.headers['x-fusionauth-signature-jwt']) };
}

// The order matters: each test leaves the system in the state that the next one needs.
describe('a Todo API whose database is down when it starts', () => {
  it('answers 503 to valid tokens and to events, and says why it is not ready', async () => {
    const issued = await fusionAuth.newcomer();
    expect(await statusOf(world.api.url, issued)).toBe(503);
    expect(await deliver(world.api.url, await announced(issued))).toEqual({
      status: 503,
      code: 'event_not_stored',
    });
    expect((await readyz()).detail).toContain('Revocations are not loaded');
  });

  it('serves by itself once the database is up', async () => {
    await database.open();
    await within(20_000, isReady, true);
    expect(await statusOf(world.api.url, await fusionAuth.newcomer())).toBe(200);
  });
});

describe('a Todo API that loses its database', () => {
  let event: Awaited<ReturnType<typeof announced>>;
  let issued: Issued;

  it('answers 503 to an event that it cannot store, and still refuses the token immediately', async () => {
    issued = await fusionAuth.newcomer();
    expect(await statusOf(world.api.url, issued)).toBe(200);
    event = await announced(issued);
    await database.shut();
    expect(await deliver(world.api.url, event)).toEqual({ status: 503, code: 'event_not_stored' });
    expect(await statusOf(world.api.url, issued)).toBe(401);
  });

  it('says that revocations may be missing', async () => {
    const words = async () => JSON.stringify((await readyz()) as object);
    const says = async () => (await words()).includes('revocations of other replicas are missing');
    await within(20_000, says, true);
    expect(await readyz()).toMatchObject({ status: 'degraded' });
  });

  it('has lost nothing once the event is sent again: the next start reads it from the database', async () => {
    await database.open();
    await within(20_000, isReady, true);
    // The connections of PostgresDoor share a session, and a new one discards what the others had prepared.
    await within(20_000, async () => (await deliver(world.api.url, event)).status, 200);
    const next = await another({});
    expect(await statusOf(next.url, issued)).toBe(401);
    expect(await statusOf(next.url, await fusionAuth.newcomer())).toBe(200);
    await next.close();
  });

  it('answers 503 with REVOCATION_FAIL=closed while revocations may be missing, and accepts valid tokens with open', async () => {
    const closed = await another({ REVOCATION_FAIL: 'closed' });
    const good = await fusionAuth.newcomer();
    expect(await statusOf(closed.url, good)).toBe(200);
    await database.shut();
    // The Todo API needs the database after the guard too: the code tells which of them refused.
    const codeOf = async (url: string) =>
      (await apiClient(url)('GET', '/me', { headers: good.headers })).body.code;
    await within(20_000, () => codeOf(closed.url), 'authentication_unavailable');
    expect(await codeOf(world.api.url)).toBe('database_unavailable');
    await database.open();
    await within(20_000, () => statusOf(closed.url, good), 200);
    await closed.close();
  });
});

describe('a Todo API whose FusionAuth is down', () => {
  it('still receives events, and accepts the tokens of all others', async () => {
    const untroubled = await worldWith({});
    const { api, sandbox } = untroubled;
    const there = fusionAuthOf({ sandbox });
    const [issued, other] = [await there.newcomer(), await there.newcomer()];
    const event = await announced(issued, there);
    sandbox.faults.set('*', { answer: 'reset' });
    try {
      expect(await deliver(api.url, event)).toEqual({ status: 200, code: undefined });
      expect([await statusOf(api.url, issued), await statusOf(api.url, other)]).toEqual([401, 200]);
    } finally {
      await untroubled.close();
    }
  });
});
