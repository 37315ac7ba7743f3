import type { MailableTodo } from '../ledger/planning.repository.js';
import type { DueTodo } from '../todos/todo-client.js';

/** How many todos cannot be mailed, by the reason why. */
export interface Unmailable {
  /** Their owner has no verified address. */
  readonly withoutAddress: number;
  /** Their owner's address is none that can be mailed: a quoted local part, an address literal, two addresses. */
  readonly unusableAddress: number;
}

export const noneUnmailable: Unmailable = { withoutAddress: 0, unusableAddress: 0 };

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
