import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Experiment, notApplicable, type RowPlan, type Run } from '../experiment.js';
import type { Mode } from '../modes.js';
import type { Evidence } from '../report.js';
import { statusOf } from '../world/call.js';
import type { Doors } from '../world/doors.js';
import { issue, type Issued } from '../world/issue.js';
import type { Realm } from '../world/maker.js';
import { openIn } from '../world/open-in.js';
import type { World } from '../world/world.js';

const rows: readonly RowPlan[] = [
  {
    id: 'same-email',
    title: 'One e-mail in two tenants is two users',
    how: 'Users with the same e-mail are made in two tenants. Each is accepted by the API of its own tenant, under a subject of its own.',
  },
  {
    id: 'foreign-credential',
    title: 'A foreign tenant’s credential is refused',
    how: 'A credential of the same kind, good in another tenant of the same FusionAuth, is presented to the API.',
  },
];

/** What a second tenant keeps apart. */
export const tenants: Experiment = {
  id: 'tenants',
  title: 'Tenants',
  question: 'Does a second tenant keep its users and credentials apart?',
  rows,
  async run(run) {
    const world = await run.ground.world();
    const foreign = await world.newRealm({ tenantId: await world.newTenant() });
    await run.ground.withDoors((doors) =>
      Promise.all(run.modes.map((mode) => compareTenants(run, { world, foreign, doors, mode }))),
    );
  },
};

interface Site {
  readonly world: World;
  readonly foreign: Realm;
  readonly doors: Doors;
  readonly mode: Mode;
}

async function compareTenants({ put }: Run, { world, foreign, doors, mode }: Site): Promise<void> {
  const email = `both-${randomUUID()}@example.com`;
  const ours = await issue(world, mode.kind, { email });
  const theirs = await issue(world, mode.kind, { email, realm: foreign });
  const ownKey = await world.newOwnKey(foreign.tenantId);
  const ourDoor = await openIn(world, doors, mode);
  const group = await world.newProbeGroup(foreign.tenantId);
  const theirSettings = { FUSIONAUTH_API_KEY: ownKey, FUSIONAUTH_PROBE_GROUP_ID: group };
  const theirDoor = await openIn(world, doors, mode, { settings: theirSettings, realm: foreign });
  // So that the API knows that its own credentials are good, and a refusal is the other's fault.
  const own = await statusOf(`${ourDoor.url}/todos`, ours.headers);
  if (own !== 200) throw new Error(`${mode.id}: a good credential was answered ${own}`);
  const status = await statusOf(`${ourDoor.url}/todos`, theirs.headers);
  const refused = status === 401 || status === 403;
  put({
    mode: mode.id,
    row: 'foreign-credential',
    value: refused,
    text: refused ? `refused with ${status}` : `answered ${status}`,
    rating: refused ? 'good' : 'poor',
    evidence: evidenceOf(world, mode),
  });
  if (ours.userId === undefined) {
    put(notApplicable(mode, 'same-email', 'it belongs to no user, so it has no e-mail'));
    return;
  }
  const subjects = [await subjectAt(ourDoor.url, ours), await subjectAt(theirDoor.url, theirs)];
  const apart = subjects[0] !== undefined && subjects[1] !== undefined && subjects[0] !== subjects[1];
  put({
    mode: mode.id,
    row: 'same-email',
    value: apart,
    text: apart ? 'two users, each in its own tenant' : 'not told apart',
    rating: apart ? 'good' : 'poor',
    evidence: world.fact('12', 'D'),
  });
}

/** What is judged offline is our own doing. */
function evidenceOf(world: World, { kind, asksFusionAuth }: Mode): Evidence {
  if (!asksFusionAuth || kind === 'user-token') return { kind: 'measured' };
  return kind === 'api-key' ? world.fact('9', 'D') : world.fact('2', 'D');
}

const me = z.object({ subject: z.string() });

async function subjectAt(url: string, { headers }: Issued): Promise<string | undefined> {
  const answer = await fetch(`${url}/me`, { headers, signal: AbortSignal.timeout(10_000) });
  return answer.ok ? me.parse(await answer.json()).subject : undefined;
}
