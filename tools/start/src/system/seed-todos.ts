import type { StrategyName } from '#gatehouse/auth';
import type { NewTodo, Todo, TodoPage } from '#gatehouse/todo-contract';
import { headerOf } from '../credentials/people.js';
import { people } from '../identities.js';

const hourMs = 3_600_000;

/** Hours from now: one todo for the first reminder mail, one for the same mail, one that is not due yet. */
const dueInHours = [2, 20, 72];

const titles: Readonly<Record<string, readonly string[]>> = {
  ada: ['Send the quarterly report', 'Call the plumber about the kitchen tap', 'Book the train to Leeds'],
  bruno: ['Renew the parking permit', 'Return the library books', 'Plan the team dinner'],
  chiyo: ['Water the plants on the balcony', 'Review the translation', 'Order a birthday cake'],
};

interface SeedOptions {
  readonly todoApiUrl: string;
  readonly person: string;
  /** Request headers with the person's own credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly now: number;
}

/**
 * Creates three open todos for a person through the Todo API. Existing ones stay; one that is overdue gets a new one,
 * so that a later start has something to remind of. A finished todo stays finished.
 */
export async function seedTodos({ todoApiUrl, person, headers, now }: SeedOptions): Promise<void> {
  const call = caller(todoApiUrl, headers);
  const { items } = await call<TodoPage>('GET', '/todos?owner=me&limit=1000');
  for (const [index, title] of (titles[person] ?? []).entries()) {
    const dueAt = new Date(now + (dueInHours[index] ?? 1) * hourMs).toISOString();
    const found = items.find((todo) => todo.title === title);
    if (!found) await call<Todo>('POST', '/todos', { title, dueAt });
    else if (isOver(found, now)) await call<Todo>('PATCH', `/todos/${found.id}`, { dueAt });
  }
}

/** Creates a todo with the credential in `headers`. */
export const createTodo = (
  todoApiUrl: string,
  headers: Readonly<Record<string, string>>,
  todo: Pick<NewTodo, 'title' | 'dueAt'>,
): Promise<Todo> => caller(todoApiUrl, headers)<Todo>('POST', '/todos', todo);

/** Creates the todos of all people, each with its owner's credential; `credentials` has them as text by name. */
export async function seedPeople(
  todoApiUrl: string,
  strategy: StrategyName,
  credentials: Readonly<Record<string, string>>,
): Promise<void> {
  const now = Date.now();
  const seeded = people.map(({ name: person }) => {
    const headers = headerOf(strategy, credentials[person] ?? '');
    return seedTodos({ todoApiUrl, person, headers, now });
  });
  await Promise.all(seeded);
}

const isOver = ({ status, dueAt }: Todo, now: number): boolean =>
  status === 'open' && dueAt !== null && Date.parse(dueAt) <= now;

function caller(base: string, headers: Readonly<Record<string, string>>) {
  return async <T>(method: string, path: string, body?: Partial<NewTodo>): Promise<T> => {
    const response = await fetch(base + path, {
      method,
      headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`The Todo API answered ${response.status} to ${method} ${path}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as T;
  };
}
