import type { MailableTodo, PlanningRepository } from '../ledger/planning.repository.js';
import type { TodoClient } from '../todos/todo-client.js';
import { dueWindow } from './due-window.js';
import { noneUnmailable, sortByAddress } from './mailable.js';
import type { RunProgress } from './run-progress.js';

interface FindParts {
  readonly planning: Pick<PlanningRepository, 'lastCompleted'>;
  readonly todos: Pick<TodoClient, 'due'>;
  readonly windowHours: number;
  readonly progress: RunProgress;
}

/**
 * Reads the todos due in the window of a run at `now`, page by page; the next page is requested after `take` has
 * handled the mailable ones of the last. Returns how many were found, and how many of them cannot be mailed.
 */
export async function findMailable(
  { planning, todos, windowHours, progress }: FindParts,
  now: number,
  signal: AbortSignal,
  take: (mailable: readonly MailableTodo[]) => Promise<void>,
) {
  const window = dueWindow(await planning.lastCompleted(), now, windowHours);
  let todosFound = 0;
  let unmailable = noneUnmailable;
  for await (const page of todos.due(window, signal)) {
    const { mailable, ...counts } = sortByAddress(page, unmailable);
    unmailable = counts;
    await take(mailable);
    progress.found((todosFound += page.length));
  }
  return { todosFound, ...unmailable };
}
