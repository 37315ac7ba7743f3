import { type CenterGround, centerGround } from '../../../../test/support/dev-center-ground.js';

describe('the clients of a person', () => {
  let ground: CenterGround;
  beforeAll(async () => {
    ground = await centerGround();
  });
  afterAll(() => ground.close());

  it('are not those of the same subject at another issuer, nor of a machine with that name', async () => {
    const { clients } = ground.center;
    const [here, elsewhere] = ['here', 'elsewhere'].map((issuer) => ({ issuer, subject: 'ada' }));
    const create = (name: string, owner?: typeof here) =>
      clients.create({ name, roles: ['todo-reader'], owner }, 'test', new Date());
    const own = await create('own', here);
    const others = [await create('of-another', elsewhere), await create('ada')];
    expect((await clients.list(here)).map(({ name }) => name)).toEqual(['own']);
    const machine = { issuer: 'gatehouse:clients', subject: 'ada' };
    expect(await clients.list(machine)).toEqual([]);
    expect(await clients.isOwnedBy(own, here!)).toBe(true);
    for (const client of others) expect(await clients.isOwnedBy(client, here!)).toBe(false);
    expect(await clients.isOwnedBy(others[1]!, machine)).toBe(false);
  });
});
