import type { MailableTodo, PlanningRepository } from '../ledger/planning.repository.js';
import type { DueTodo, TodoClient } from '../todos/todo-client.js';
import { dueWindow } from './due-window.js';
import type { RunProgress } from './run-progress.js';

/** How many todos cannot be mailed, by the reason why. */
export interface Unmailable {
  /** Their owner has no verified address. */
  readonly withoutAddress: number;
  /** Their owner's address is none that can be mailed: a quoted local part, an address literal, two addresses. */
  readonly unusableAddress: number;
}

const noneUnmailable: Unmailable = { withoutAddress: 0, unusableAddress: 0 };

/** One plain address: what a mail header or envelope could read as two, or as none, is nobody's. */
const oneAddress = /^[^\s<>()[\]\\,;:@"]+@[^\s<>()[\]\\,;:@"]+$/;

/** Those of `todos` that can be mailed, and how many cannot, added to the `before`. */
export function sortByAddress(
  todos: readonly DueTodo[],
  before: Unmailable = noneUnmailable,
): Unmailable & { readonly mailable: readonly MailableTodo[] } {
  const withoutAddress = todos.filter(({ owner }) => owner.email === null).length;
  const mailable = todos.filter(isMailable);
  return {
    mailable,
    withoutAddress: before.withoutAddress + withoutAddress,
    unusableAddress: before.unusableAddress + todos.length - withoutAddress - mailable.length,
  };
}

const isMailable = (todo: DueTodo): todo is DueTodo & MailableTodo =>
  todo.dueAt !== null && todo.owner.email !== null && oneAddress.test(todo.owner.email);

export interface FindParts {
  readonly planning: Pick<PlanningRepository, 'lastCompleted'>;
  readonly todos: Pick<TodoClient, 'due'>;
  readonly windowHours: number;
  readonly progress: RunProgress;
}

/**
 * Reads the todos due in the window of a run at `now`, page by page; the next page is asked for once `take` has dealt with
 * those of the last that can be mailed. Returns how many were found, and how many of them cannot be mailed.
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
