import { hash } from 'node:crypto';
import type { Todo } from '#gatehouse/todo-contract';

/** A strong validator of a todo's representation (RFC 9110 section 8.8.1), its owner's part included. */
export const entityTag = (todo: Todo): string =>
  `"${todo.version}-${hash('sha256', JSON.stringify(todo), 'base64url').slice(0, 16)}"`;
