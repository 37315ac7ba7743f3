import type { Database } from '#gatehouse/database';
import { TodoStore } from '#gatehouse/todo-database';
import { testDatabase } from '../../../../test/support/embedded-database.js';
import { type Owner, OwnerRepository } from '../owners/owner.repository.js';
import { TodoRepository } from './todo.repository.js';

const now = new Date('2026-11-22T12:00:00.000Z');
const later = new Date('2026-11-22T13:00:00.000Z');

describe('single todos', () => {
  let database: Database;
  let store: TodoStore;
  let todos: TodoRepository;
  let ada: Owner;
  let bruno: Owner;

  beforeAll(async () => {
    database = await testDatabase('todo');
    store = new TodoStore(database);
    await store.open();
    todos = new TodoRepository(store);
    const owners = new OwnerRepository(store);
    const remember = (subject: string) =>
      owners.remember({ issuer: 'i', kind: 'user', subject, roles: [], via: 'jwt', credentialId: 'c' }, now);
    [ada, bruno] = [await remember('ada'), await remember('bruno')];
  });
  afterAll(() => store.close());
  const made = () => todos.create(ada, { title: 'a', notes: 'n', dueAt: later.toISOString() }, now);

  it('are found, changed and removed by their owner and in the scope of everyone', async () => {
    for (const scope of [{ ownerId: ada.id }, 'everyone'] as const) {
      const todo = await made();
      expect(await todos.find(scope, todo.id)).toEqual(todo);
      expect(await todos.change(scope, todo.id, { title: 'b' }, later)).toEqual({
        ...todo,
        ...{ title: 'b', version: 2, updatedAt: later.toISOString() },
      });
      expect(await todos.remove(scope, todo.id)).toBe(true);
      expect(await todos.find(scope, todo.id)).toBeUndefined();
    }
  });

  it('do not exist for another owner, and stay unchanged', async () => {
    const todo = await made();
    const scope = { ownerId: bruno.id };

    expect(await todos.find(scope, todo.id)).toBeUndefined();
    expect(await todos.change(scope, todo.id, { title: 'taken' }, later)).toBeUndefined();
    expect(await todos.change(scope, todo.id, { title: 'taken' }, later, todo.version)).toBeUndefined();
    expect(await todos.remove(scope, todo.id)).toBe(false);
    expect(await todos.find({ ownerId: ada.id }, todo.id)).toEqual(todo);
  });

  it('are changed and removed only at the given version', async () => {
    const [todo, scope] = [await made(), { ownerId: ada.id }];
    await todos.change(scope, todo.id, { title: 'b' }, later, 1);

    expect(await todos.change(scope, todo.id, { title: 'lost' }, later, 1)).toBeUndefined();
    expect(await todos.remove(scope, todo.id, 1)).toBe(false);
    expect(await todos.find(scope, todo.id)).toMatchObject({ title: 'b', version: 2 });
    expect(await todos.remove(scope, todo.id, 2)).toBe(true);
  });

  it('are changed by only one of two concurrent requests with the same version', async () => {
    const [todo, scope] = [await made(), { ownerId: ada.id }];

    const results = await Promise.all(
      ['b', 'c'].map((title) => todos.change(scope, todo.id, { title }, later, 1)),
    );

    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    expect(await todos.find(scope, todo.id)).toMatchObject({ version: 2 });
  });

  it('keep the fields that a change omits, and lose those that it sets to null', async () => {
    const [todo, scope] = [await made(), { ownerId: ada.id }];

    expect(await todos.change(scope, todo.id, { status: 'done' }, later)).toMatchObject({
      ...{ status: 'done', notes: 'n', dueAt: later.toISOString() },
    });
    expect(await todos.change(scope, todo.id, { notes: null, dueAt: null }, later)).toMatchObject({
      ...{ status: 'done', notes: null, dueAt: null, version: 3 },
    });
  });

  it('are part of the transaction in which they are created', async () => {
    const failing = store.prisma.$transaction(async (tx) => {
      const { id } = await todos.create(ada, { title: 'gone' }, now, tx);
      throw new Error(id);
    });

    const id = await failing.catch((error: unknown) => (error as Error).message);
    expect(await todos.find('everyone', id)).toBeUndefined();
  });
});
