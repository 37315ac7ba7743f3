import { hash } from 'node:crypto';
import { z } from 'zod';
import { instant } from '#gatehouse/todo-contract';

/** The position of a todo in the order of pages: due instant (null = last), then id. */
export interface Position {
  readonly dueAt: string | null;
  readonly id: string;
}

const tokenSchema = z.tuple([z.string(), instant.nullable(), z.uuid()]);

// Not a defence: the scope is decided again for every page. It keeps a cursor from being used with another filter.
const fingerprint = (filter: unknown): string =>
  hash('sha256', JSON.stringify(filter), 'base64url').slice(0, 12);

/** Returns an opaque token for the page after `last` in the list of `filter`. */
export const encodeCursor = (filter: unknown, last: Position): string =>
  Buffer.from(JSON.stringify([fingerprint(filter), last.dueAt, last.id])).toString('base64url');

/** Returns the position in `token`; undefined if it is not a cursor of this filter. */
export function decodeCursor(filter: unknown, token: string): Position | undefined {
  const result = tokenSchema.safeParse(parse(Buffer.from(token, 'base64url').toString()));
  if (!result.success) return undefined;
  const [of, dueAt, id] = result.data;
  return of === fingerprint(filter) ? { dueAt, id } : undefined;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
