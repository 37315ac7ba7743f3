import type { Todo } from '#gatehouse/todo-contract';
import { principalOf } from '../../../../test/support/principal.js';
import type { Owner } from '../owners/owner.repository.js';
import type { Scope } from './access.js';
import { entityTag } from './entity-tag.js';
import type { TodoRepository } from './todo.repository.js';
import type { TodoPageRepository } from './todo-page.repository.js';
import { TodosService } from './todos.service.js';

const owner: Owner = { id: 'o1', email: null, timeZone: null };
const own: Scope = { ownerId: owner.id };
const reader = principalOf({ roles: ['todo-reader'] });
const auditor = principalOf({ roles: ['todo-auditor', 'todo-writer'] });
const todoOf = (n: number): Todo => ({
  ...{
    id: `00000000-0000-4000-8000-00000000000${n}`,
    title: `${n}`,
    notes: null,
    dueAt: null,
    status: 'open',
  },
  ...{ owner, version: 3, createdAt: '2026-11-22T12:00:00.000Z', updatedAt: '2026-11-22T12:00:00.000Z' },
});
const todo = todoOf(1);
const current = entityTag(todo);

/** Creates the service on repositories that note how they are called. */
function world() {
  const state = {
    found: todo as Todo | undefined,
    /** Whether a write finds the todo at the version that it expects. */
    writes: true,
    stored: [todoOf(1), todoOf(2), todoOf(3)],
    calls: [] as unknown[][],
  };
  const called =
    <Result>(name: string, result: () => Result) =>
    (...given: unknown[]) => {
      state.calls.push([name, ...given]);
      return Promise.resolve(result());
    };
  const todos = {
    find: called('find', () => state.found),
    change: called('change', () => (state.writes ? todo : undefined)),
    remove: called('remove', () => state.writes),
  } as Partial<TodoRepository> as TodoRepository;
  const page: TodoPageRepository['page'] = (...given) => {
    const [, , after, limit] = given;
    state.calls.push(['page', ...given]);
    const from = state.stored.findIndex(({ id }) => id === after?.id) + 1;
    return Promise.resolve(state.stored.slice(from, from + limit));
  };
  const service = new TodosService(
    { resolve: () => Promise.resolve(owner) } as never,
    todos,
    { page } as TodoPageRepository,
    {} as never,
    () => 0,
  );
  return { state, service };
}

describe('a list', () => {
  it.each([
    ['a reader', reader, undefined, own],
    ['a reader with owner=me', reader, 'me' as const, own],
    ['an auditor', auditor, undefined, 'everyone'],
    ['an auditor with owner=everyone', auditor, 'everyone' as const, 'everyone'],
    ['an auditor with owner=me', auditor, 'me' as const, own],
  ])('for %s is read in the right scope', async (_who, principal, whose, scope) => {
    const { service, state } = world();
    await service.list(principal, { limit: 10, owner: whose });
    expect(state.calls).toEqual([['page', scope, {}, undefined, 11]]);
  });

  it('of everyone is refused for a reader, before it is read', async () => {
    const { service, state } = world();
    const refused = service.list(reader, { limit: 10, owner: 'everyone' });
    await expect(refused).rejects.toMatchObject({ status: 403, code: 'insufficient_scope' });
    expect(state.calls).toEqual([]);
  });

  it('has a next page exactly if there are more todos', async () => {
    const { service, state } = world();
    const first = await service.list(reader, { limit: 2 });
    expect(first.items).toEqual(state.stored.slice(0, 2));
    const cursor = first.nextCursor!;
    expect(await service.list(reader, { limit: 2, cursor })).toEqual({
      items: [todoOf(3)],
      nextCursor: null,
    });
    expect(await service.list(reader, { limit: 3 })).toEqual({ items: state.stored, nextCursor: null });
    state.stored = [];
    expect(await service.list(reader, { limit: 3 })).toEqual({ items: [], nextCursor: null });
  });

  it('refuses a cursor of another scope or filter', async () => {
    const { service } = world();
    const cursor = (await service.list(reader, { limit: 1 })).nextCursor!;
    for (const refused of [
      service.list(auditor, { limit: 1, cursor }),
      service.list(reader, { limit: 1, cursor, status: 'open' }),
    ])
      await expect(refused).rejects.toMatchObject({ status: 400, errors: [{ path: 'query.cursor' }] });
  });
});

describe('a todo that is read', () => {
  it.each([
    ['without a condition', {}, false],
    ['by If-Match with its tag', { ifMatch: current }, false],
    ['by If-None-Match with another tag', { ifNoneMatch: '"x"' }, false],
    ['by If-None-Match with its tag', { ifNoneMatch: current }, true],
  ])('%s is found, and may be unchanged', async (_how, conditions, unchanged) => {
    const { service, state } = world();
    expect(await service.find(auditor, todo.id, conditions)).toEqual({ todo, unchanged });
    expect(state.calls).toEqual([['find', 'everyone', todo.id]]);
  });

  it.each([
    ['an earlier tag', { ifMatch: '"x"' }, 'has changed'],
    ['its tag made weak', { ifMatch: `W/${current}` }, 'weak ETag'],
  ])('by If-Match with %s is refused with 412', async (_what, conditions, detail) => {
    const refused = world().service.find(reader, todo.id, conditions);
    await expect(refused).rejects.toMatchObject({ status: 412, detail: expect.stringContaining(detail) });
  });
});

describe.each(['change', 'remove'] as const)('a todo: %s', (operation) => {
  const write = (service: TodosService, conditions: object) =>
    operation === 'change'
      ? service.change(auditor, todo.id, { title: 'x' }, conditions)
      : service.remove(auditor, todo.id, conditions);
  const written = (version: number | undefined) =>
    operation === 'change'
      ? ['change', own, todo.id, { title: 'x' }, new Date(0), version]
      : ['remove', own, todo.id, version];

  it('without a condition works in any version, and for an auditor too only on own todos', async () => {
    for (const conditions of [{}, { ifMatch: '*' }]) {
      const { service, state } = world();
      await write(service, conditions);
      expect(state.calls).toEqual([written(undefined)]);
    }
  });

  it('with a condition works only in the version that met it', async () => {
    for (const conditions of [{ ifMatch: current }, { ifNoneMatch: '"x"' }]) {
      const { service, state } = world();
      await write(service, conditions);
      expect(state.calls).toEqual([['find', own, todo.id], written(3)]);
    }
  });

  it('is refused with 412, untried, if a condition is not met', async () => {
    for (const conditions of [{ ifMatch: '"x"' }, { ifNoneMatch: current }]) {
      const { service, state } = world();
      await expect(write(service, conditions)).rejects.toMatchObject({ status: 412 });
      expect(state.calls).toEqual([['find', own, todo.id]]);
    }
  });

  it('is refused with 412 if another request changes the todo between the check and the write', async () => {
    const { service, state } = world();
    state.writes = false;
    await expect(write(service, { ifMatch: current })).rejects.toMatchObject({
      ...{ status: 412, code: 'precondition_failed' },
      detail: expect.stringContaining('has changed since you read it'),
    });
  });

  it('is refused with 404 if there is no such todo, with a condition or without', async () => {
    const { service, state } = world();
    Object.assign(state, { found: undefined, writes: false });
    for (const conditions of [{}, { ifMatch: current }])
      await expect(write(service, conditions)).rejects.toMatchObject({ status: 404, code: 'not_found' });
  });
});
