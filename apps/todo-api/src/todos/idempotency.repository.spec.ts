import { processEnvironment } from '#gatehouse/platform';
import { adaAndBruno, type OpenedStore, openTodoStore } from '../../../../test/support/todo-store.js';
import type { Owner } from '../owners/owner.repository.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { TodoRepository } from './todo.repository.js';

const now = new Date('2026-11-22T12:00:00.000Z');
const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const day = 24 * 3_600_000;

describe('a request with an Idempotency-Key', () => {
  let opened: OpenedStore;
  let idempotency: IdempotencyRepository;
  let todos: TodoRepository;
  let ada: Owner;
  let bruno: Owner;

  beforeAll(async () => {
    opened = await openTodoStore();
    [idempotency, todos] = [new IdempotencyRepository(opened.store), new TodoRepository(opened.store)];
  });
  afterAll(() => opened.store.close());
  beforeEach(async () => {
    await opened.database.pool.query('truncate owners cascade');
    [ada, bruno] = await adaAndBruno(opened, now);
  });

  const post = (title: string, { owner = ada, key = 'k', at = now } = {}) =>
    idempotency.once({ ownerId: owner.id, key, request: { title }, now: at }, (tx) =>
      todos.create(owner, { title, notes: null }, at, tx),
    );
  const count = async (table: string) => {
    const { rows } = await opened.database.pool.query<{ count: number }>(
      `select count(*)::int from ${table}`,
    );
    return rows[0]?.count;
  };

  it('does its work once, and repeats its first response with the fields in the same order', async () => {
    const first = await post('a');
    await todos.change({ ownerId: ada.id }, first.id, { title: 'changed meanwhile' }, later(1));

    const second = await post('a', { at: later(2) });

    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(await count('todos')).toBe(1);
  });

  it('stores neither its work nor its key if the transaction fails, so that it can be repeated', async () => {
    const failing = idempotency.once({ ownerId: ada.id, key: 'k', request: {}, now }, async (tx) => {
      await todos.create(ada, { title: 'a' }, now, tx);
      throw new Error('lost in the middle');
    });
    await expect(failing).rejects.toThrow('lost in the middle');
    expect([await count('todos'), await count('idempotency_keys')]).toEqual([0, 0]);

    await opened.database.pool.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'no key is kept'; end $$;
       create trigger refuse before insert on idempotency_keys for each row execute function refuse()`,
    );
    await expect(post('a')).rejects.toThrow(/no key is kept/);
    await opened.database.pool.query('drop function refuse cascade');
    expect(await count('todos')).toBe(0);
    expect(await post('a')).toMatchObject({ title: 'a' });
  });

  it('is refused with 422 if its key was used with another body', async () => {
    await post('a');

    await expect(post('b')).rejects.toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(await count('todos')).toBe(1);
  });

  it('is independent of the same key of another owner, and of another key of the same owner', async () => {
    const first = await post('a');

    expect(await post('b', { owner: bruno })).toMatchObject({ title: 'b', owner: { id: bruno.id } });
    expect(await post('a', { key: 'other' })).not.toMatchObject({ id: first.id });
    expect(await count('todos')).toBe(3);
  });

  it('is stored for 24 hours, after which its key can be used again', async () => {
    const first = await post('a');

    expect(await post('a', { at: later(day - 1) })).toEqual(first);
    const next = await post('b', { at: later(day) });
    expect(next).toMatchObject({ title: 'b' });
    expect(await post('b', { at: later(2 * day - 1) })).toEqual(next);
  });

  it('deletes expired keys of every owner', async () => {
    await post('a', { owner: bruno, key: 'old' });
    await post('b', { key: 'young', at: later(1) });

    await post('c', { key: 'new', at: later(day) });

    const { rows } = await opened.database.pool.query('select key from idempotency_keys order by key');
    expect(rows).toEqual([{ key: 'new' }, { key: 'young' }]);
  });

  it('holds a lock only while it is in progress', async () => {
    const locks = `select count(*)::int as held from pg_locks where locktype = 'advisory'
                   and database = (select oid from pg_database where datname = current_database())`;
    let during: unknown;
    await idempotency.once({ ownerId: ada.id, key: 'k', request: {}, now }, async (tx) => {
      during = await tx.$queryRawUnsafe(locks);
      return todos.create(ada, { title: 'a' }, now, tx);
    });

    expect(during).toEqual([{ held: 1 }]);
    expect((await opened.database.pool.query(locks)).rows).toEqual([{ held: 0 }]);
  });

  const onServer = processEnvironment()['TEST_DATABASE_URL'] ? it : it.skip;
  onServer('is refused with 409 while the first with its key is still worked on', async () => {
    const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = idempotency.once(
      { ownerId: ada.id, key: 'k', request: { title: 'a' }, now },
      async (tx) => {
        begun.resolve();
        await end.promise;
        return todos.create(ada, { title: 'a' }, now, tx);
      },
    );
    await begun.promise;

    await expect(post('a')).rejects.toMatchObject({ status: 409, code: 'idempotency_key_in_use' });
    expect(await post('b', { owner: bruno })).toMatchObject({ title: 'b' });
    end.resolve();
    const answer = await first;
    expect(await post('a')).toEqual(answer);
  });
});
