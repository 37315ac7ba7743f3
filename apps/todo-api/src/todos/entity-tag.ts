import { hash } from 'node:crypto';
import { ownerSchema, type Todo, todoSchema } from '#gatehouse/todo-contract';

// In the order of the contract, whatever order the todo has them in: a stored answer has that of the database.
const fields = [...Object.keys(todoSchema.shape), ...Object.keys(ownerSchema.shape)];

/** A strong validator of a todo's representation (RFC 9110 section 8.8.1), its owner's part included. */
export const entityTag = (todo: Todo): string =>
  `"${todo.version}-${hash('sha256', JSON.stringify(todo, fields), 'base64url').slice(0, 16)}"`;
