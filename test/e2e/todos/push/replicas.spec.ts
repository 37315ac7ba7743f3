import { parseConfig, processEnvironment } from '#gatehouse/platform';
import { todoApiSchema } from '../../../../apps/todo-api/src/config.js';
import { startTodoApi, type TodoApi } from '../../../../apps/todo-api/src/start-todo-api.js';
import { personTricks } from '../../../contract/people.js';
import { describeWhere } from '../../../support/describe-where.js';
import { silentLog } from '../../../support/embedded-database.js';
import { startWorld, type World } from '../../../support/start-world.js';
import { fusionAuthOf, statusOf, within } from './ground.js';

const missing = processEnvironment()['TEST_DATABASE_URL'] ? undefined : 'needs TEST_DATABASE_URL';

describeWhere(missing)('two Todo APIs on one PostgreSQL', () => {
  let world: World;
  let second: TodoApi;
  beforeAll(async () => {
    world = await startWorld({ push: true });
    second = await startTodoApi(parseConfig(todoApiSchema, world.env), { log: silentLog });
  });
  afterAll(async () => {
    await second.close();
    await world.close();
  });

  it('refuse a token within a second after FusionAuth announced its revocation to the other', async () => {
    const { newcomer, world: ground } = fusionAuthOf(world);
    for (let round = 0; round < 10; round += 1) {
      const [issued, other] = [await newcomer(), await newcomer()];
      expect(await statusOf(second.url, issued)).toBe(200);
      await personTricks.deactivate(ground, issued);
      await within(1_000, () => statusOf(second.url, issued), 401);
      expect(await statusOf(second.url, other)).toBe(200);
    }
  });

  it('refuse it after a restart too', async () => {
    const { newcomer, world: ground } = fusionAuthOf(world);
    const issued = await newcomer();
    await personTricks.deactivate(ground, issued);
    await within(1_000, () => statusOf(world.api.url, issued), 401);
    await second.close();
    second = await startTodoApi(parseConfig(todoApiSchema, world.env), { log: silentLog });
    expect(await statusOf(second.url, issued)).toBe(401);
  });
});
