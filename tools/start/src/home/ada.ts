import { readFileSync } from 'node:fs';
import type { StrategyName } from '#gatehouse/auth';
import { credentialFile, headerOf } from '../credentials/people.js';
import { createTodo } from '../system/seed-todos.js';

interface AdaParts {
  readonly dataDir: string;
  readonly todoApiUrl: string;
  readonly strategy: StrategyName;
}

const twoHoursMs = 7_200_000;

/** Creates a todo with Ada's own credential, due in two hours. Resolves with its due time. */
export async function createTodoForAda({ dataDir, todoApiUrl, strategy }: AdaParts): Promise<Date> {
  const credential = readFileSync(credentialFile(dataDir, strategy, 'ada'), 'utf8').trim();
  const dueAt = new Date(Date.now() + twoHoursMs);
  const todo = { title: 'Buy oat milk', dueAt: dueAt.toISOString() };
  await createTodo(todoApiUrl, headerOf(strategy, credential), todo);
  return dueAt;
}
