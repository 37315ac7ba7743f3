import { readFileSync } from 'node:fs';
import type { StrategyName } from '#gatehouse/auth';
import type { StartConfig } from '../config.js';
import { credentialFile, headerOf } from '../credentials/people.js';
import { inWords, secondsBetweenRuns } from '../output/schedule.js';
import { createTodo } from '../system/seed-todos.js';

const twoHoursMs = 7_200_000;

/** Creates a todo with Ada's own credential, due in two hours. Resolves with the page's message about it. */
export async function createTodoForAda(
  { todoApiUrl, strategy }: { readonly todoApiUrl: string; readonly strategy: StrategyName },
  { DATA_DIR, REMINDER_SCHEDULE }: StartConfig,
): Promise<string> {
  const credential = readFileSync(credentialFile(DATA_DIR, strategy, 'ada'), 'utf8').trim();
  const dueAt = new Date(Date.now() + twoHoursMs).toISOString();
  await createTodo(todoApiUrl, headerOf(strategy, credential), { title: 'Buy oat milk', dueAt });
  const seconds = secondsBetweenRuns(REMINDER_SCHEDULE);
  const when = seconds === undefined ? 'at the next run of the Reminder App' : `within ${inWords(seconds)}`;
  return `“Buy oat milk” is due at ${dueAt.slice(11, 16)} UTC. Ada's reminder arrives ${when}.`;
}
