import { startCenterWorld, strategies, type CenterWorld } from './center-world.js';

describe('a credential', () => {
  let now = Date.now();
  let world: CenterWorld;
  beforeAll(async () => {
    world = await startCenterWorld(() => now);
  });
  afterAll(() => world.close());

  const me = async (headers: Record<string, string>) => {
    const answer = await fetch(`${world.api.url}/me`, { headers });
    return {
      status: answer.status,
      body: (await answer.json()) as { roles: string[]; owner: { id: string } },
    };
  };
  const newest = () => world.headersOf(world.handedOver.at(-1)!);

  it.each(strategies)(
    'by %s works once it is issued, with the roles and the owner of its client',
    async (strategy) => {
      const roles = 'todo-reader,todo-writer';
      const issued = await world.run('issue', { client: `by-${strategy}`, strategy, roles });
      expect(issued).toMatchObject({ client: `by-${strategy}`, strategy });
      const first = await me(await newest());
      expect(first).toMatchObject({ status: 200, body: { roles: roles.split(',') } });
      await world.run('rotate', { client: `by-${strategy}`, strategy });
      expect((await me(await newest())).body.owner).toEqual(first.body.owner);
    },
  );
});
