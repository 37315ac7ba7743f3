import type { Todo } from '#gatehouse/todo-contract';
import { seedTodos } from '../../../tools/start/src/system/seed-todos.js';
import { startWorld, type World } from '../../support/start-world.js';

const hour = 3_600_000;

describe('seeding todos', () => {
  let world: World;
  let headers: Record<string, string>;

  beforeAll(async () => {
    world = await startWorld();
    headers = { authorization: `Bearer ${await world.tokenOf('ada')}` };
  });
  afterAll(() => world.close());

  const now = Date.now();
  const seed = (at: number) => seedTodos({ todoApiUrl: world.api.url, person: 'ada', headers, now: at });
  const todos = async () => {
    const response = await fetch(`${world.api.url}/todos?owner=me`, { headers });
    return ((await response.json()) as { items: Todo[] }).items;
  };
  const hoursFromNow = async () => (await todos()).map(({ dueAt }) => (Date.parse(dueAt ?? '') - now) / hour);

  it('gives a person todos due in 2 hours, 20 hours and 3 days', async () => {
    await seed(now);
    expect(await hoursFromNow()).toEqual([2, 20, 72]);
  });

  it('changes nothing at a later start while they are still to come', async () => {
    await seed(now + hour);
    expect(await hoursFromNow()).toEqual([2, 20, 72]);
  });

  it('moves the one whose hour has passed, and leaves finished ones alone', async () => {
    const [first, second] = await todos();
    await fetch(`${world.api.url}/todos/${second?.id}`, {
      method: 'PATCH',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'done' }),
    });
    await seed(now + 21 * hour);
    const after = await todos();
    expect(after).toHaveLength(3);
    expect(after.find(({ id }) => id === first?.id)?.dueAt).toBe(new Date(now + 23 * hour).toISOString());
    expect(after.find(({ id }) => id === second?.id)).toMatchObject({ status: 'done', dueAt: second?.dueAt });
  });

  it('says what the Todo API answered when it refuses', async () => {
    const refused = seedTodos({ todoApiUrl: world.api.url, person: 'ada', headers: {}, now });
    await expect(refused).rejects.toThrow('The Todo API answered 401 to GET /todos');
  });
});
