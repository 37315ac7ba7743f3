import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { internalError, parseConfig, problemBody, type ProblemCode, problemCodes } from '#gatehouse/platform';
import { todoApiSchema } from '../../apps/todo-api/src/config.js';
import { startTodoApi, type TodoApi } from '../../apps/todo-api/src/start-todo-api.js';
import { idempotencyKeyInUse } from '../../apps/todo-api/src/todos/todo.errors.js';
import { tenantId } from '../../tools/issuer/src/token-minter.js';
import { personTricks } from '../contract/people.js';
import { type Ground, startGround } from '../e2e/forward-auth/ground.js';
import { addWebhook, startedReceiver } from '../e2e/sandbox/webhook-receiver.js';
import { fusionAuthOf } from '../e2e/todos/push/ground.js';
import { apiClient, type Client } from '../support/api-client.js';
import { silentLog } from '../support/embedded-database.js';
import { PostgresDoor } from '../support/postgres-door.js';
import { startWorld, type World } from '../support/start-world.js';
import { pushSettings } from '../support/webhook-set-up.js';

/** The parts of an answer that a page shows: the status line, the headers that a client acts on, and the body. */
interface Shown {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

const shownHeaders = ['Allow', 'Retry-After', 'WWW-Authenticate'];
/** In the place of what differs from one answer to the next. */
const requestId = '0198c6f2-5b1e-7c3d-9a40-6f2d81e3b7c5';
const address = 'https://todos.example.com';

/** The block of a page that shows an answer. */
function shownBy(code: ProblemCode): Shown {
  const page = readFileSync(join(import.meta.dirname, `../../docs/errors/${code}.md`), 'utf8');
  const [, head = '', body = '{}'] = /^```http\n([^]*?)\n\n([^]*?)\n```$/m.exec(page) ?? [];
  const [line = '', ...headers] = head.split('\n');
  expect(page).toContain(`# \`${code}\` (${line.split(' ')[1]})`);
  const pairs = headers.map((header) => header.split(/: (.*)/s).slice(0, 2) as [string, string]);
  return {
    status: Number(line.split(' ')[1]),
    headers: Object.fromEntries(pairs.filter(([name]) => shownHeaders.includes(name))),
    body: JSON.parse(body) as object,
  };
}

type Answered = Awaited<ReturnType<Client>>;

/** How long the rest of a minute is differs from one answer to the next. */
function seconds(retryAfter: string): string {
  expect(retryAfter).toMatch(/^\d+$/);
  return Number(retryAfter) > 2 ? '17' : retryAfter;
}

function shownOf({ status, headers, body }: Answered): Shown {
  const there = shownHeaders.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, name === 'Retry-After' ? seconds(value) : value]];
  });
  return {
    status,
    headers: Object.fromEntries(there) as Record<string, string>,
    body: { ...body, requestId },
  };
}

/** Answers that no request is sure to get: as the code makes them. */
const made = { internal_error: internalError(), idempotency_key_in_use: idempotencyKeyInUse() };

describe('the answer that a page of docs/errors shows', () => {
  let world: World;
  /** Its database is not there, and it takes events. */
  let broken: World;
  /** Its database is not there, and a client has one request a minute. */
  let closed: TodoApi;
  let ground: Ground;
  let database: PostgresDoor;
  let receiver: Awaited<ReturnType<typeof startedReceiver>>;
  let ada: Client;
  let nobody: Client;
  const settings = { PUBLIC_URL: address };
  beforeAll(async () => {
    [database, receiver, ground] = await Promise.all([
      PostgresDoor.create('todo'),
      startedReceiver(),
      startGround(),
    ]);
    world = await startWorld({
      push: true,
      env: { ...settings, AUTH_STRATEGY: 'jwt,api-key', TOKEN_LOCATION: 'header,cookie' },
    });
    broken = await startWorld({
      env: async (sandbox) => ({
        ...settings,
        ...(await pushSettings(sandbox)),
        FUSIONAUTH_API_KEY: undefined,
        DATABASE_URL: database.url,
      }),
    });
    await addWebhook(broken.sandbox, receiver.url);
    const env = { ...world.env, REVOCATION: undefined, WEBHOOK_KEY_ID: undefined, REQUESTS_PER_MINUTE: '1' };
    closed = await startTodoApi(parseConfig(todoApiSchema, { ...env, DATABASE_URL: database.url }), {
      log: silentLog,
    });
    ada = apiClient(world.api.url, await world.tokenOf('ada'));
    nobody = apiClient(world.api.url);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([world.close(), broken.close(), closed.close(), ground.close()]);
    await receiver.stop();
    await database.close();
  });

  const apiKey = () => randomBytes(32).toString('base64url');
  const withKey = (key: string) => nobody('GET', '/todos', { headers: { 'x-api-key': key } });
  const post = (title: string, key: string) =>
    ada('POST', '/todos', { json: { title }, headers: { 'idempotency-key': key } });

  const answers: Readonly<Record<Exclude<ProblemCode, keyof typeof made>, () => Promise<Answered>>> = {
    async authentication_unavailable() {
      world.sandbox.faults.set('*', { status: 500 });
      const answer = await withKey(apiKey());
      world.sandbox.faults.clear();
      return answer;
    },
    body_too_large: () => ada('POST', '/todos', { json: { title: 'x', notes: 'x'.repeat(110_000) } }),
    credential_required: () => nobody('GET', '/todos'),
    csrf_refused: async () =>
      nobody('POST', '/todos', {
        json: { title: 'x' },
        headers: { cookie: `app.at=${await world.tokenOf('ada')}` },
      }),
    database_unavailable: async () => apiClient(closed.url, await world.tokenOf('ada'))('GET', '/todos'),
    async event_not_stored() {
      const fusionAuth = fusionAuthOf(broken);
      await personTricks.deactivate(fusionAuth.world, await fusionAuth.newcomer());
      await fusionAuth.sandbox.webhooks.settled();
      const [event] = receiver.received;
      return apiClient(broken.api.url)('POST', '/webhooks/fusionauth', {
        raw: event!.body.toString(),
        headers: { 'x-fusionauth-signature-jwt': String(event!.headers['x-fusionauth-signature-jwt']) },
      });
    },
    async idempotency_key_reused() {
      await post('This', 'key-1');
      return post('That', 'key-1');
    },
    insufficient_scope: () => ada('GET', '/todos?owner=everyone'),
    invalid_request: () => ada('POST', '/todos', { json: { title: '', dueAt: 'tomorrow' } }),
    invalid_signature: () => nobody('POST', '/webhooks/fusionauth', { json: { event: {} } }),
    invalid_token: () => apiClient(world.api.url, 'x.y.z')('GET', '/todos'),
    method_not_allowed: () => ada('PUT', '/todos'),
    not_found: () => ada('GET', `/todos/${randomUUID()}`),
    not_ready: () => apiClient(closed.url)('GET', '/readyz'),
    async over_privileged_key() {
      const key = apiKey();
      await world.sandbox.administer({
        method: 'POST',
        path: `/api/api-key/${randomUUID()}`,
        body: { apiKey: { key, tenantId, permissions: { endpoints: {} } } },
      });
      return withKey(key);
    },
    async precondition_failed() {
      const { body } = await ada('POST', '/todos', { json: { title: 'x' } });
      const { id } = body as { id: string };
      return ada('PATCH', `/todos/${id}`, { json: { title: 'y' }, headers: { 'if-match': '"7"' } });
    },
    async too_many_requests() {
      const bruno = apiClient(closed.url, await world.tokenOf('bruno'));
      await bruno('GET', '/todos');
      return bruno('GET', '/todos');
    },
    unsupported_media_type: () =>
      ada('POST', '/todos', { raw: 'title=x', headers: { 'content-type': 'text/plain' } }),
    async untrusted_proxy() {
      const gate = await ground.open({ ...settings, TRUSTED_PROXIES: '192.0.2.0/24' });
      const { status, headers, body } = await gate.ask('GET', '/todos');
      return {
        status,
        headers: new Headers(headers),
        body: JSON.parse(body) as object,
      };
    },
    uri_too_long: () => ada('GET', `/todos/${'x'.repeat(101)}`),
  };

  it.each(Object.keys(answers) as (keyof typeof answers)[])('is the real one: %s', async (code) => {
    expect(shownBy(code)).toEqual(shownOf(await answers[code]()));
  });

  it.each(Object.keys(made) as (keyof typeof made)[])('is the one that is made: %s', (code) => {
    const { status, headers } = made[code];
    const body = problemBody(made[code], () => `${address}/docs/errors/${code}`, requestId);
    expect(shownBy(code)).toEqual({ status, headers, body });
  });

  it('is there for every code', () => {
    expect([...Object.keys(answers), ...Object.keys(made)].toSorted()).toEqual([...problemCodes].toSorted());
  });
});
