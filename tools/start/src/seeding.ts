import type { Me } from '#gatehouse/todo-contract';
import { people } from './identities.js';
import { logIn } from './log-in.js';
import type { PartConfigs } from './part-configs.js';
import { loopback } from './places.js';
import { seedPeople } from './seed-todos.js';
import { startReadyTodoApi, type Surroundings, type SystemParts } from './system.js';

export const seedingStep = 'todos of Ada, Bruno and Chiyo';

/**
 * The people's todos, for a Todo API that will not accept their tokens: created through one on the same database that
 * is guarded by `jwt` and gone when this resolves. Resolves with who they are, by name.
 */
export async function seedBehindJwt(
  configs: PartConfigs,
  surroundings: Surroundings,
  parts: SystemParts,
): Promise<Readonly<Record<string, Me>>> {
  const tokens = await tokensOf(surroundings, configs);
  const api = await startReadyTodoApi(
    {
      ...configs.todoApi,
      ...{ AUTH_STRATEGY: ['jwt'], JWT_VALIDATION: 'local' },
      // Where nobody takes it for the one that is meant to run.
      ...{ HOST: loopback, PORT: 0, METRICS_PORT: 0 },
    },
    parts,
  );
  try {
    return await seedPeople(api.url, tokens);
  } finally {
    await api.close();
  }
}

async function tokensOf(surroundings: Surroundings, configs: PartConfigs): Promise<Record<string, string>> {
  const tokens = people.map(async (person) => {
    const { access_token } = await logIn(surroundings, configs, person);
    return [person.name, access_token] as const;
  });
  return Object.fromEntries(await Promise.all(tokens));
}
