import { adaAndBruno, type OpenedStore, openTodoStore } from '../../../../test/support/todo-store.js';
import type { Owner } from '../owners/owner.repository.js';
import type { Scope } from './access.js';
import { TodoRepository } from './todo.repository.js';
import { type Filter, TodoPageRepository } from './todo-page.repository.js';

const now = new Date('2026-11-22T12:00:00.120Z');
const at = (hour: number) => `2026-11-23T${String(hour).padStart(2, '0')}:00:00.000Z`;

describe('pages of todos', () => {
  let opened: OpenedStore;
  let pages: TodoPageRepository;
  let ada: Owner;
  let bruno: Owner;
  const ids = new Map<string, string>();

  beforeAll(async () => {
    opened = await openTodoStore();
    pages = new TodoPageRepository(opened.store);
    [ada, bruno] = await adaAndBruno(opened, now);
    const todos = new TodoRepository(opened.store);
    const add = async (owner: Owner, title: string, dueAt: string | null, done = false) => {
      const { id } = await todos.create(owner, { title, dueAt }, now);
      ids.set(title, id);
      if (done) await todos.change('everyone', id, { status: 'done' }, now);
    };
    // Not in the order in which they are read.
    await add(ada, 'undated', null);
    await add(ada, 'at 12', at(12));
    await add(bruno, "bruno's at 11", at(11));
    await add(ada, 'at 10', at(10));
    await add(ada, 'at 11, done', at(11), true);
    await add(bruno, "bruno's undated", null);
    await add(ada, 'undated too', null);
    await add(ada, 'at 12 too', at(12));
    // Todos with one due instant are ordered by id, not by creation.
    for (const title of ['undated too', 'at 12 too']) {
      ids.set(title, `00000000-0000-4000-8000-${String(title.length).padStart(12, '0')}`);
      await opened.database.pool.query('update todos set id = $1 where title = $2', [ids.get(title), title]);
    }
  });
  afterAll(() => opened.store.close());

  const own = (): Scope => ({ ownerId: ada.id });
  const titles = async (scope: Scope, filter: Filter = {}, limit = 100) =>
    (await pages.page(scope, filter, undefined, limit)).map(({ title }) => title);

  const everything = ['at 10', 'at 11, done', 'at 12 too', 'at 12', 'undated too', 'undated'];

  it('are ordered by due instant, then by id, with undated todos last', async () => {
    expect(await titles(own())).toEqual(everything);
  });

  it('contain no todo of another owner, with any filter', async () => {
    expect(await titles({ ownerId: bruno.id })).toEqual(["bruno's at 11", "bruno's undated"]);
    expect(await titles({ ownerId: bruno.id }, { ids: [...ids.values()] })).toHaveLength(2);
    expect(await titles({ ownerId: bruno.id }, { dueAfter: at(10), dueBefore: at(13) })).toEqual([
      "bruno's at 11",
    ]);
    expect(await titles(own(), { status: 'open', ids: [ids.get("bruno's at 11")!] })).toEqual([]);
  });

  it("contain everyone's todos, each with its owner, in the scope of everyone", async () => {
    const all = await pages.page('everyone', {}, undefined, 100);

    expect(all).toHaveLength(8);
    expect(all.find(({ title }) => title === "bruno's at 11")).toEqual({
      ...{ id: ids.get("bruno's at 11"), title: "bruno's at 11", notes: null, dueAt: at(11), status: 'open' },
      ...{ owner: { id: bruno.id, email: 'bruno@e.com', timeZone: null }, version: 1 },
      ...{ createdAt: now.toISOString(), updatedAt: now.toISOString() },
    });
  });

  it.each([1, 2, 3, 5])('of %i todos follow each other without a gap or a repetition', async (limit) => {
    const seen: string[] = [];
    let last: { dueAt: string | null; id: string } | undefined;
    for (let turn = 0; turn < 10; turn += 1) {
      const page = await pages.page(own(), {}, last, limit);
      expect(page.length).toBeLessThanOrEqual(limit);
      last = page.at(-1);
      if (last === undefined) break;
      seen.push(...page.map(({ title }) => title));
    }
    expect(seen).toEqual(everything);
  });

  it.each<[string, Filter, readonly string[]]>([
    ['a status', { status: 'done' }, ['at 11, done']],
    ['the other', { status: 'open' }, everything.filter((title) => title !== 'at 11, done')],
    ['a first instant, which counts', { dueAfter: at(11) }, ['at 11, done', 'at 12 too', 'at 12']],
    ['a last instant, which does not', { dueBefore: at(12) }, ['at 10', 'at 11, done']],
    ['both', { dueAfter: at(11), dueBefore: at(12) }, ['at 11, done']],
    ['both and a status', { dueAfter: at(10), dueBefore: at(12), status: 'open' }, ['at 10']],
  ])('are filtered by %s', async (_what, filter, expected) => {
    expect(await titles(own(), filter)).toEqual(expected);
  });

  it('contain the listed ids that exist, in the order of pages, for an owner and for everyone', async () => {
    const wanted = ['at 12', "bruno's at 11", 'at 10'].map((title) => ids.get(title)!);
    const filter = { ids: [...wanted, '00000000-0000-4000-8000-000000000000'] };

    expect(await titles(own(), filter)).toEqual(['at 10', 'at 12']);
    expect(await titles('everyone', filter)).toEqual(['at 10', "bruno's at 11", 'at 12']);
  });
});
