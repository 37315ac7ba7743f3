import { randomUUID } from 'node:crypto';
import { type Experiment, notApplicable, type RowPlan, type Run } from '../experiment.js';
import type { Mode } from '../modes.js';
import type { Evidence } from '../report.js';
import { type Apis, openIn, statusOf } from '../world/apis.js';
import { issue } from '../world/issue.js';
import type { Realm } from '../world/maker.js';
import type { World } from '../world/world.js';

const rows: readonly RowPlan[] = [
  {
    id: 'same-email',
    title: 'One e-mail in two tenants: each credential is valid only for its own tenant’s API',
    how: 'Users with the same e-mail and different secrets are created in two tenants. The credential of each is presented to the API of its own tenant, which must accept it, and to that of the other, which must refuse it.',
  },
  {
    id: 'foreign-credential',
    title: 'A foreign tenant’s credential is refused',
    how: 'A credential of the same kind, which the API of another tenant of the same FusionAuth accepts, is presented to the API.',
  },
];

/** Measures what a second tenant separates. */
export const tenants: Experiment = {
  id: 'tenants',
  title: 'Tenants',
  question: 'Does a second tenant keep its users and its credentials apart?',
  rows,
  async run(run) {
    const world = await run.ground.world();
    const foreign = await world.newRealm({ tenantId: await world.newTenant() });
    const theirs = {
      FUSIONAUTH_API_KEY: await world.newOwnKey(foreign.tenantId),
      FUSIONAUTH_PROBE_GROUP_ID: await world.newProbeGroup(foreign.tenantId),
    };
    await run.ground.withApis((apis) =>
      Promise.all(run.modes.map((mode) => compareTenants(run, { world, foreign, theirs, apis, mode }))),
    );
  },
};

interface Site {
  readonly world: World;
  readonly foreign: Realm;
  /** Settings of the foreign tenant's API. */
  readonly theirs: Readonly<Record<string, string>>;
  readonly apis: Apis;
  readonly mode: Mode;
}

async function compareTenants({ put }: Run, { world, foreign, theirs, apis, mode }: Site): Promise<void> {
  const { kind } = mode;
  // The cache time is 0, so that each answer is about the presented credential.
  const more = { CREDENTIAL_CACHE_SECONDS: '0' };
  const [home, away] = await Promise.all([
    openIn(world, apis, mode, { settings: more }),
    openIn(world, apis, mode, { settings: { ...more, ...theirs }, realm: foreign }),
  ]);
  const ask = (api: typeof home, { headers }: { headers: Readonly<Record<string, string>> }) =>
    statusOf(`${api.url}/todos`, headers);
  const evidence = evidenceOf(world, mode);

  const [ours, stranger] = [await issue(world, kind), await issue(world, kind, { realm: foreign })];
  // The own ones first: once an API has accepted a key, a refusal can only be about the other key.
  const own = [await ask(home, ours), await ask(away, stranger)];
  const crossed = [await ask(home, stranger), await ask(away, ours)];
  put({ mode: mode.id, row: 'foreign-credential', evidence, ...keptApart(own, crossed) });

  if (stranger.userId === undefined) {
    put(notApplicable(mode, 'same-email', 'it belongs to no user, so there is no e-mail'));
    return;
  }
  const email = `both-${randomUUID()}@example.com`;
  const one = await issue(world, kind, { email });
  const other = await issue(world, kind, { email, realm: foreign });
  const apart = keptApart(
    [await ask(home, one), await ask(away, other)],
    [await ask(home, other), await ask(away, one)],
  );
  put({ mode: mode.id, row: 'same-email', evidence, ...apart });
}

/** Returns whether each API accepted its own tenant's credential and refused the other's. */
export function keptApart(own: readonly number[], crossed: readonly number[]) {
  const value = own.every((status) => status === 200) && crossed.every((status) => status === 401);
  const text = `${value ? 'yes' : 'no'}: ${own.join(' and ')} at its own, ${crossed.join(' and ')} at the other`;
  return { value, text, rating: value ? 'good' : 'poor' } as const;
}

/** Returns the evidence. An offline check is our own code; a key and a log-in are checked by FusionAuth. */
function evidenceOf(world: World, { kind }: Mode): Evidence {
  if (kind === 'api-key') return world.fact('9', 'D');
  return kind === 'email-token' ? world.fact('2', 'D') : { kind: 'measured' };
}
