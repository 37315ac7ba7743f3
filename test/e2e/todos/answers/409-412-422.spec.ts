import type { Todo } from '#gatehouse/todo-contract';
import { type Answer, apiClient, type Client, expectProblem } from '../../../support/api-client.js';
import { passed, world } from './world.js';

const minute = 60 * 1000;
const day = 24 * 3600 * 1000;
let ada: Client;
let bruno: Client;
beforeAll(async () => {
  [ada, bruno] = await logIn();
});

const logIn = async () =>
  [
    apiClient(world.api.url, await world.tokenOf('ada')),
    apiClient(world.api.url, await world.tokenOf('bruno')),
  ] as const;
const post = (client: Client, key: string, title: string): Promise<Answer> =>
  client('POST', '/todos', { json: { title }, headers: { 'idempotency-key': key } });
const count = async (title: string) =>
  ((await ada('GET', '/todos?limit=1000')).body.items as Todo[]).filter((todo) => todo.title === title)
    .length;

describe('a POST repeated with its Idempotency-Key', () => {
  it('gets the first response and creates no second todo, even after the todo has changed', async () => {
    const first = await post(ada, 'key-1', 'Once');
    await ada('PATCH', `/todos/${first.body.id}`, { json: { status: 'done' } });
    const second = await post(ada, 'key-1', 'Once');
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(await count('Once')).toBe(1);
  });

  it('at the same time creates one todo; the others get 409 and are asked to retry', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(ada, 'key-2', 'Race')));
    const created = answers.filter(({ status }) => status === 201);
    expect(new Set(created.map(({ body }) => body.id)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expectProblem(answer, { status: 409, code: 'idempotency_key_in_use' });
    expect(await count('Race')).toBe(1);
  });

  it('with another body is refused with 422, and the first todo stays unchanged', async () => {
    const first = await post(ada, 'key-3', 'This');
    expectProblem(await post(ada, 'key-3', 'That'), { status: 422, code: 'idempotency_key_reused' });
    expect((await post(ada, 'key-3', 'This')).body).toEqual(first.body);
    expect(await count('That')).toBe(0);
  });

  it('of another owner is a different key', async () => {
    const hers = await post(ada, 'key-4', 'Ours');
    const his = await post(bruno, 'key-4', 'Other');
    expect(his.status).toBe(201);
    expect(his.body.id).not.toBe(hers.body.id);
  });

  it('is not stored if it was refused', async () => {
    expectProblem(await post(ada, 'key-5', ''), { status: 400, code: 'invalid_request' });
    expect((await post(ada, 'key-5', 'Mended')).status).toBe(201);
  });

  it('is stored for 24 hours, not longer', async () => {
    const first = await post(ada, 'key-6', 'Daily');
    passed(day - minute);
    [ada, bruno] = await logIn();
    expect((await post(ada, 'key-6', 'Daily')).body.id).toBe(first.body.id);
    passed(minute);
    const next = await post(ada, 'key-6', 'Daily, changed');
    expect(next.status).toBe(201);
    expect(next.body.id).not.toBe(first.body.id);
    passed(-day);
  });
});

describe('412: If-Match', () => {
  const add = async () => {
    const { body, headers } = await ada('POST', '/todos', { json: { title: 'Versioned' } });
    return { path: `/todos/${(body as Todo).id}`, etag: headers.get('etag')! };
  };
  const failed = { status: 412, code: 'precondition_failed' };

  it('accepts a change by the tag of the current state, and refuses one by an earlier tag', async () => {
    const { path, etag } = await add();
    const change = (title: string) => ada('PATCH', path, { json: { title }, headers: { 'if-match': etag } });
    const [first, second] = [await change('First'), await change('Second')];
    expect(first.status).toBe(200);
    expectProblem(second, failed);
    expectProblem(await ada('DELETE', path, { headers: { 'if-match': etag } }), failed);
    expect((await ada('GET', path)).body.title).toBe('First');
    const current = { 'if-match': first.headers.get('etag')! };
    expect((await ada('DELETE', path, { headers: current })).status).toBe(204);
  });

  it('accepts only one of two changes at the same time', async () => {
    const { path, etag } = await add();
    const change = (title: string) => ada('PATCH', path, { json: { title }, headers: { 'if-match': etag } });
    const statuses = (await Promise.all([change('A'), change('B'), change('C')])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 412, 412]);
  });

  it('is also judged when a todo is read', async () => {
    const { path, etag } = await add();
    expect((await ada('GET', path, { headers: { 'if-match': etag } })).status).toBe(200);
    expectProblem(await ada('GET', path, { headers: { 'if-match': '"x"' } }), failed);
    const missing = '/todos/01a20116-91a2-75be-ad2a-92ef93d57ed5';
    for (const name of ['if-match', 'if-none-match'])
      expect((await ada('GET', missing, { headers: { [name]: '*' } })).status).toBe(404);
  });

  it('says how to correct a weak tag, because a compressing proxy makes tags weak', async () => {
    const { path, etag } = await add();
    const change = (tag: string) =>
      ada('PATCH', path, { json: { title: 'x' }, headers: { 'if-match': tag } });
    const refused = await change(`W/${etag}`);
    expectProblem(refused, failed);
    expect(refused.body.detail).toContain('send it without the W/');
    expect((await change(etag)).status).toBe(200);
  });
});

describe('If-None-Match', () => {
  it('gets 304 without a body while the todo is unchanged, and 200 once it has changed', async () => {
    const { body, headers } = await ada('POST', '/todos', { json: { title: 'Known' } });
    const path = `/todos/${(body as Todo).id}`;
    const etag = headers.get('etag')!;
    for (const method of ['GET', 'HEAD']) {
      for (const tags of [etag, `W/${etag}`, '*']) {
        const known = await ada(method, path, { headers: { 'if-none-match': tags } });
        expect(known).toMatchObject({ status: 304, body: undefined });
        expect(known.headers.get('etag')).toBe(etag);
        expect(known.headers.get('cache-control')).toBe('no-store, no-transform');
        expect(known.headers.get('content-type')).toBeNull();
        expect(known.headers.get('x-request-id')).toMatch(/./);
      }
    }
    await ada('PATCH', path, { json: { title: 'Changed' } });
    const read = await ada('GET', path, { headers: { 'if-none-match': etag } });
    expect([read.status, read.body.title]).toEqual([200, 'Changed']);
  });

  it('refuses to change a todo in an excluded state (412)', async () => {
    const { body, headers } = await ada('POST', '/todos', { json: { title: 'Kept' } });
    const path = `/todos/${(body as Todo).id}`;
    for (const tags of ['*', headers.get('etag')!]) {
      const sent = { headers: { 'if-none-match': tags } };
      const answers = [
        await ada('PATCH', path, { json: { title: 'x' }, ...sent }),
        await ada('DELETE', path, sent),
      ];
      for (const answer of answers) expectProblem(answer, { status: 412, code: 'precondition_failed' });
    }
    const others = { headers: { 'if-none-match': '"x"' } };
    expect((await ada('PATCH', path, { json: { title: 'Moved' }, ...others })).body.title).toBe('Moved');
    expect((await ada('DELETE', path, others)).status).toBe(204);
  });
});

it('a response with an entity tag asks proxies not to transform it, and everyone not to store it', async () => {
  const created = await ada('POST', '/todos', { json: { title: 'Tagged' } });
  const path = `/todos/${(created.body as Todo).id}`;
  const answers = [created, await ada('GET', path), await ada('PATCH', path, { json: { title: 'x' } })];
  for (const { headers } of answers) expect(headers.get('cache-control')).toBe('no-store, no-transform');
});
