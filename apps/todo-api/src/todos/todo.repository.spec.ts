import { adaAndBruno, type OpenedStore, openTodoStore } from '../../../../test/support/todo-store.js';
import type { Owner } from '../owners/owner.repository.js';
import { TodoRepository } from './todo.repository.js';

const now = new Date('2026-11-22T12:00:00.000Z');
const later = new Date('2026-11-22T13:00:00.000Z');

describe('single todos', () => {
  let opened: OpenedStore;
  let todos: TodoRepository;
  let ada: Owner;
  let bruno: Owner;

  beforeAll(async () => {
    opened = await openTodoStore();
    todos = new TodoRepository(opened.store);
    [ada, bruno] = await adaAndBruno(opened, now);
  });
  afterAll(() => opened.store.close());
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
    const failing = opened.store.prisma.$transaction(async (tx) => {
      const { id } = await todos.create(ada, { title: 'gone' }, now, tx);
      throw new Error(id);
    });

    const id = await failing.catch((error: unknown) => (error as Error).message);
    expect(await todos.find('everyone', id)).toBeUndefined();
  });
});
