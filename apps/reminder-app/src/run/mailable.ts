import type { MailableTodo } from '../ledger/planning.repository.js';
import type { DueTodo } from '../todos/todo-client.js';

/** The number of todos that cannot be mailed, by reason. */
export interface Unmailable {
  /** Their owner has no verified address. */
  readonly withoutAddress: number;
  /** Their owner's address cannot be mailed: a quoted local part, an address literal, two addresses. */
  readonly unusableAddress: number;
}

export const noneUnmailable: Unmailable = { withoutAddress: 0, unusableAddress: 0 };

/** Matches one plain address, which a mail header or envelope cannot read as two or as none. */
const oneAddress = /^[^\s<>()[\]\\,;:@"]+@[^\s<>()[\]\\,;:@"]+$/;

/** Returns the mailable ones of `todos`, and the number of others, added to `before`. */
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
