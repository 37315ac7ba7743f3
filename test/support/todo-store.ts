import type { Database } from '#gatehouse/database';
import { TodoStore } from '#gatehouse/todo-database';
import { type Owner, OwnerRepository } from '../../apps/todo-api/src/owners/owner.repository.js';
import { testDatabase } from './embedded-database.js';
import { principalOf } from './principal.js';

/** The todo database, opened and migrated. */
export interface OpenedStore {
  readonly database: Database;
  readonly store: TodoStore;
}

export async function openTodoStore(): Promise<OpenedStore> {
  const database = await testDatabase('todo');
  const store = new TodoStore(database);
  await store.open();
  return { database, store };
}

/** Creates the owners Ada and Bruno, with a verified address each. */
export async function adaAndBruno({ store }: OpenedStore, now: Date): Promise<[ada: Owner, bruno: Owner]> {
  const owners = new OwnerRepository(store);
  const remember = (subject: string) =>
    owners.remember(principalOf({ subject, email: `${subject}@e.com` }), now);
  return [await remember('ada'), await remember('bruno')];
}
