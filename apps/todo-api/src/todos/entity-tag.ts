import { hash } from 'node:crypto';
import type { Todo } from '#gatehouse/todo-contract';

/** A strong validator of a todo's representation (RFC 9110 section 8.8.1), its owner's part included. */
export const entityTag = (todo: Todo): string =>
  `"${todo.version}-${hash('sha256', JSON.stringify(todo), 'base64url').slice(0, 16)}"`;

/** Whether `If-Match` admits a change, by strong comparison: a weak tag never matches (RFC 9110 section 13.1.1). */
export function ifMatchHolds(header: string | undefined, current: string): boolean {
  if (header === undefined || header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim() === current);
}
