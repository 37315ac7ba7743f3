import {
  type NewTodo,
  newTodoSchema,
  type Todo,
  type TodoPatch,
  todoPatchSchema,
} from '#gatehouse/todo-contract';
import { apiClient, type Client } from '../../../support/api-client.js';
import { world } from './world.js';

let ada: Client;
let bruno: Client;
let analytics: Client;
beforeAll(async () => {
  const clientOf = async (name: string) => apiClient(world.api.url, await world.tokenOf(name));
  [ada, bruno, analytics] = await Promise.all([clientOf('ada'), clientOf('bruno'), clientOf('analytics')]);
});

const add = async (client: Client, todo: object): Promise<Todo> =>
  (await client('POST', '/todos', { json: todo })).body;
const titles = (answer: { body: { items: Todo[] } }) => answer.body.items.map(({ title }) => title);

describe('a new todo', () => {
  it('is answered with 201, its location, its entity tag and its content', async () => {
    const created = await ada('POST', '/todos', {
      json: { title: '  Water the plants ', notes: 'Tab\tand\nline' },
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      title: 'Water the plants',
      notes: 'Tab\tand\nline',
      dueAt: null,
      status: 'open',
      owner: { email: 'ada@example.com', timeZone: 'Europe/London' },
      version: 1,
    });
    const found = await ada('GET', created.headers.get('location')!);
    expect(found).toMatchObject({ status: 200, body: created.body });
    expect(found.headers.get('etag')).toBe(created.headers.get('etag'));
    expect(found.headers.get('etag')).toMatch(/^"[^"]+"$/);
    await ada('DELETE', created.headers.get('location')!);
  });

  it('keeps its due instant to the millisecond, given in any zone', async () => {
    const { id, dueAt } = await add(ada, { title: 'Call', dueAt: '2026-12-01T10:00:00.125+01:00' });
    expect(dueAt).toBe('2026-12-01T09:00:00.125Z');
    expect((await ada('GET', '/todos')).body.items[0].dueAt).toBe(dueAt);
    await ada('DELETE', `/todos/${id}`);
  });

  it.each(['0001-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'])(
    'may be due at %s, and is listed with exactly that instant',
    async (dueAt) => {
      const { id } = await add(ada, { title: 'Far away', dueAt });
      expect((await ada('GET', `/todos/${id}`)).body.dueAt).toBe(dueAt);
      expect((await ada('GET', '/todos')).body.items[0].dueAt).toBe(dueAt);
      await ada('DELETE', `/todos/${id}`);
    },
  );
});

describe('every field of a todo', () => {
  // No value is the default of its field.
  const posted: Required<NewTodo> = {
    title: 'All of it',
    notes: 'Every word',
    dueAt: '2026-12-01T09:00:00.125Z',
  };
  const patched: Required<TodoPatch> = {
    title: 'All of it again',
    notes: 'Every other word',
    dueAt: '2026-12-02T09:00:00.250Z',
    status: 'done',
  };

  it('is stored as it was sent, and read back alone and in the list', async () => {
    expect(Object.keys(posted).toSorted()).toEqual(Object.keys(newTodoSchema.shape).toSorted());
    expect(Object.keys(patched).toSorted()).toEqual(Object.keys(todoPatchSchema.shape).toSorted());
    const created = await ada('POST', '/todos', { json: posted });
    expect(created).toMatchObject({ status: 201, body: posted });
    const path = created.headers.get('location')!;
    expect((await ada('GET', path)).body).toEqual(created.body);
    expect((await ada('GET', '/todos')).body).toMatchObject({ items: [created.body] });
    const changed = await ada('PATCH', path, { json: patched });
    expect(changed).toMatchObject({ status: 200, body: patched });
    expect((await ada('GET', path)).body).toEqual(changed.body);
    expect((await ada('GET', '/todos')).body).toMatchObject({ items: [changed.body] });
    await ada('DELETE', path);
  });
});

describe('a change', () => {
  it('changes only the fields given; null removes, and version and entity tag change', async () => {
    const { id, dueAt, createdAt } = await add(ada, {
      title: 'One',
      notes: 'n',
      dueAt: '2026-12-01T00:00:00Z',
    });
    const before = await ada('GET', `/todos/${id}`);
    const changed = await ada('PATCH', `/todos/${id}`, { json: { notes: null, status: 'done' } });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      title: 'One',
      notes: null,
      dueAt,
      status: 'done',
      version: 2,
      createdAt,
    });
    expect(changed.headers.get('etag')).not.toBe(before.headers.get('etag'));
    expect((await ada('GET', `/todos/${id}`)).body).toEqual(changed.body);
    await ada('DELETE', `/todos/${id}`);
  });

  it('that removes is answered with 204 and no body', async () => {
    const { id } = await add(ada, { title: 'Gone' });
    expect(
      await ada('DELETE', `/todos/${id}`, { headers: { 'content-type': 'application/json' } }),
    ).toMatchObject({
      status: 204,
      body: undefined,
    });
  });
});

describe('the list', () => {
  const due = (hour: number) => `2026-12-24T${String(hour).padStart(2, '0')}:00:00.000Z`;
  beforeAll(async () => {
    for (const [title, hour] of [
      ['c', 3],
      ['undated 1', 0],
      ['a', 1],
      ['b1', 2],
      ['undated 2', 0],
      ['b2', 2],
    ] as const)
      await add(bruno, { title, ...(hour ? { dueAt: due(hour) } : {}) });
    const { id } = await add(bruno, { title: 'd', dueAt: due(4) });
    await bruno('PATCH', `/todos/${id}`, { json: { status: 'done' } });
    await add(ada, { title: 'of Ada', dueAt: due(2) });
  });

  const all = ['a', 'b1', 'b2', 'c', 'd', 'undated 1', 'undated 2'];

  it('has the todos of the caller, the next due first, undated ones last', async () => {
    expect(titles(await bruno('GET', '/todos'))).toEqual(all);
    expect(titles(await ada('GET', '/todos'))).toEqual(['of Ada']);
  });

  it.each([1, 2, 3, 6])('shows every todo once, in order, in pages of %i', async (limit) => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await bruno('GET', `/todos?limit=${limit}${cursor && `&cursor=${cursor}`}`);
      expect(page.body.items.length).toBeLessThanOrEqual(limit);
      seen.push(...titles(page));
      cursor = page.body.nextCursor;
    } while (cursor);
    expect(seen).toEqual(all);
  });

  it('does not shift its pages when todos come and go in between', async () => {
    const first = await bruno('GET', '/todos?limit=2');
    const early = await add(bruno, { title: 'earlier', dueAt: due(0) });
    const next = await bruno('GET', `/todos?limit=2&cursor=${first.body.nextCursor}`);
    await bruno('DELETE', `/todos/${early.id}`);
    expect(titles(next)).toEqual(['b2', 'c']);
  });

  it.each([
    [`dueAfter=${due(2)}`, ['b1', 'b2', 'c', 'd']],
    [`dueBefore=${due(2)}`, ['a']],
    [`dueAfter=${due(1)}&dueBefore=${due(3)}`, ['a', 'b1', 'b2']],
    [`dueAfter=${due(2).replace('Z', '%2B02:00')}&dueBefore=${due(1)}`, []],
    ['status=done', ['d']],
    [`status=open&dueAfter=${due(3)}`, ['c']],
  ])('for %s has %j: after inclusive, before exclusive, undated left out', async (query, expected) => {
    expect(titles(await bruno('GET', `/todos?${query}`))).toEqual(expected);
  });

  it('pages through a due window by its cursor', async () => {
    const query = `limit=1&status=open&dueAfter=${due(2)}&dueBefore=${due(3)}`;
    const first = await bruno('GET', `/todos?${query}`);
    const second = await bruno('GET', `/todos?${query}&cursor=${first.body.nextCursor}`);
    expect([...titles(first), ...titles(second), second.body.nextCursor]).toEqual(['b1', 'b2', null]);
  });

  it('has only the named todos that the caller may see', async () => {
    const everything = (await analytics('GET', '/todos')).body.items as Todo[];
    const idOf = (title: string) => everything.find((todo) => todo.title === title)!.id;
    const ids = ['a', 'd', 'of Ada'].map(idOf).join(',');
    const missing = 'c3e2d1f0-9b8a-4766-8554-433221100ffe';

    expect(titles(await analytics('GET', `/todos?ids=${ids},${missing}`))).toEqual(['a', 'of Ada', 'd']);
    expect(titles(await bruno('GET', `/todos?ids=${ids}`))).toEqual(['a', 'd']);
    expect(titles(await bruno('GET', `/todos?ids=${ids}&status=open`))).toEqual(['a']);
  });

  it("has everyone's todos for an auditor, and with owner=me only the auditor's own", async () => {
    expect(titles(await analytics('GET', `/todos?dueAfter=${due(2)}`)).toSorted()).toEqual(
      ['b1', 'b2', 'c', 'd', 'of Ada'].toSorted(),
    );
    expect(titles(await analytics('GET', `/todos?dueAfter=${due(2)}&owner=everyone`))).toHaveLength(5);
    expect(titles(await analytics('GET', '/todos?owner=me'))).toEqual([]);
    const [first] = (await ada('GET', '/todos')).body.items as Todo[];
    expect((await analytics('GET', `/todos/${first!.id}`)).body).toEqual(first);
  });
});

describe('/me', () => {
  it('names the subject of the credential and the owner of its todos', async () => {
    const { status, body } = await bruno('GET', '/me');
    expect(status).toBe(200);
    expect(body).toEqual({
      subject: expect.any(String),
      kind: 'user',
      via: 'jwt',
      roles: ['todo-reader', 'todo-writer'],
      email: 'bruno@example.com',
      owner: { id: expect.any(String), email: 'bruno@example.com', timeZone: 'America/New_York' },
    });
    expect((await bruno('GET', '/todos')).body.items[0].owner).toEqual(body.owner);
  });

  it('adopts a changed time zone with the next token, for the same owner', async () => {
    const client = apiClient(world.api.url, await world.tokenOf('chiyo'));
    const before = (await client('GET', '/me')).body;
    expect(before.owner.timeZone).toBe('Asia/Tokyo');
    const moved = await fetch(`${world.sandbox.url}/api/user/${before.subject}`, {
      method: 'PATCH',
      headers: {
        authorization: world.sandbox.secrets['FUSIONAUTH_MANAGER_KEY']!,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ user: { timezone: 'Pacific/Auckland' } }),
    });
    expect(moved.status).toBe(200);
    const after = (await apiClient(world.api.url, await world.tokenOf('chiyo'))('GET', '/me')).body;
    expect(after.owner).toEqual({ ...before.owner, timeZone: 'Pacific/Auckland' });
  });
});
