import { hash } from 'node:crypto';
import { ownerSchema, type Todo, todoSchema } from '#gatehouse/todo-contract';

// In the order of the contract, not that of the todo: a stored response has the database's order.
const fields = [...Object.keys(todoSchema.shape), ...Object.keys(ownerSchema.shape)];

/** Returns a strong validator of a todo's representation, including its owner (RFC 9110 section 8.8.1). */
export const entityTag = (todo: Todo): string =>
  `"${todo.version}-${hash('sha256', JSON.stringify(todo, fields), 'base64url').slice(0, 16)}"`;
