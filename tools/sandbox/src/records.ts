import { randomUUID } from 'node:crypto';
import { invalidField, notFound } from './answer.js';
import { idParam } from './body.js';
import type { ApiRequest } from './instance.js';

interface Identified {
  readonly id?: string | undefined;
}

/** Returns the id that the path chooses for a new record, else a random one. Throws 400 for one that is taken. */
export function newId(
  request: ApiRequest,
  name: string,
  taken: Pick<ReadonlyMap<string, unknown>, 'has'>,
): string {
  const id = idParam(request, name) ?? randomUUID();
  if (taken.has(id)) throw invalidField(name, 'duplicate', 'This id is taken.');
  return id;
}

/** Returns the record that the path names by its id. Throws 404. */
export function requireRecord<Item>(
  request: ApiRequest,
  name: string,
  records: ReadonlyMap<string, Item>,
): Item {
  const item = records.get(idParam(request, name) ?? '');
  if (item === undefined) throw notFound();
  return item;
}

/** Throws 400 for `field` where another record has the same value there; an undefined value is no duplicate. */
export function requireUnique<Item extends Identified, Member extends keyof Item>(
  records: Iterable<Item>,
  item: Pick<Item, 'id' | Member>,
  member: Member,
  field: string,
): void {
  const value = item[member];
  if (value === undefined) return;
  if ([...records].some((other) => other.id !== item.id && other[member] === value))
    throw invalidField(field, 'duplicate', `Another one has this ${String(member)}.`);
}

/** Returns the parts of a record, an application's roles for example, by id. */
export const byId = <Item extends Identified>(items: readonly Item[] = []): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [item.id ?? '', item]));

/** Returns `items` with `item` in the place of the one with its id, or at the end. Throws 400 for a second name. */
export function withItem<Item extends Identified & { readonly name?: string | undefined }>(
  items: readonly Item[] = [],
  item: Item,
  field: string,
): Item[] {
  requireUnique(items, item, 'name', field);
  const isNew = items.every(({ id }) => id !== item.id);
  return isNew ? [...items, item] : items.map((other) => (other.id === item.id ? item : other));
}
