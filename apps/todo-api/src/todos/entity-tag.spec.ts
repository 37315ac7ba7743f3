import type { Todo } from '#gatehouse/todo-contract';
import { entityTag } from './entity-tag.js';

const todo: Todo = {
  id: '01a20116-91a2-75be-ad2a-92ef93d57ed5',
  title: 'Plan',
  notes: null,
  dueAt: null,
  status: 'open',
  owner: { id: '02a20116-91a2-75be-ad2a-92ef93d57ed5', email: null, timeZone: null },
  version: 3,
  createdAt: '2026-12-01T00:00:00.000Z',
  updatedAt: '2026-12-01T00:00:00.000Z',
};

describe('the entity tag of a todo', () => {
  it('is strong (RFC 9110 section 8.8.3), and the same for the same todo', () => {
    expect(entityTag(todo)).toMatch(/^"3-[\w-]{16}"$/);
    expect(entityTag({ ...todo })).toBe(entityTag(todo));
  });

  it('does not depend on the order of the fields, which a database does not preserve', () => {
    const backwards = Object.fromEntries(Object.entries(todo).reverse()) as Todo;
    expect(JSON.stringify(backwards)).not.toBe(JSON.stringify(todo));
    expect(entityTag(backwards)).toBe(entityTag(todo));
  });

  it.each([
    { version: 4 },
    { title: 'Plans' },
    { status: 'done' as const },
    // Both are part of the response, and change without a new version of the todo.
    { owner: { ...todo.owner, timeZone: 'Europe/Berlin' } },
    { owner: { ...todo.owner, email: 'ada@example.com' } },
  ])('is another one with %j', (change) => {
    expect(entityTag({ ...todo, ...change })).not.toBe(entityTag(todo));
  });
});
