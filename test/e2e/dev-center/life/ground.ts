export { failure } from './failure.js';
import { type CenterWorld, startCenterWorld, type Strategy } from '../center-world.js';

export const trustMilliseconds = 5_000;
export const minutes = (count: number) => count * 60_000;
export const roles = 'todo-reader,todo-writer';

let present = Date.now();
export const now = (): number => present;
/** Moves the clock of everything in the world. */
export const passed = (milliseconds: number): void => void (present += milliseconds);

/** Sets up one world for each file. */
export let world: CenterWorld;
beforeAll(async () => {
  world = await startCenterWorld(now);
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear());

export type Headers = Record<string, string>;

export const ask = (headers: Headers) => fetch(`${world.api.url}/me`, { headers });
export const status = async (headers: Headers) => (await ask(headers)).status;
export const newest = () => world.headersOf(world.handedOver.at(-1)!);
export const issue = (client: string, strategy: Strategy, more: object = {}) =>
  world.run('issue', { client, strategy, roles, ...more });
export const stateOf = async (id: string) =>
  ((await world.run('list', { all: true })).credentials as { id: string; state: string }[]).find(
    (one) => one.id === id,
  )?.state;
/** Whether FusionAuth has anything left of a credential. */
export async function isAtFusionAuth(strategy: string, id: string): Promise<boolean> {
  const { users, entities, apiKeys } = world.center.control();
  if (strategy === 'api-key') return (await apiKeys.read(id)) !== undefined;
  if (strategy === 'client-credentials') return (await entities.typeOf(id)) !== undefined;
  return (await users.read(id)) !== undefined;
}

/** Returns the FusionAuth ids of everything that was ever planned, by credential. */
export async function plannedIds(): Promise<{ credential: string; strategy: string; id: string }[]> {
  const { rows } = await world.api.database.pool.query<{
    credential: string;
    details: { strategy: string; fusionauthId: string };
  }>(`select credential, details from credential_audit where action = 'plan'`);
  return rows.map(({ credential, details }) => ({ credential, ...details, id: details.fusionauthId }));
}

export async function orphans(): Promise<string[]> {
  const { credentials } = await world.run('list');
  const open = new Set((credentials as { id: string }[]).map(({ id }) => id));
  const planned = await plannedIds();
  const left = await Promise.all(
    planned.map(async ({ credential, strategy, id }) =>
      !open.has(credential) && (await isAtFusionAuth(strategy, id)) ? [`${strategy} ${id}`] : [],
    ),
  );
  return left.flat();
}
