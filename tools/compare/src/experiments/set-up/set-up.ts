import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { rounded } from '../../../../measure/src/statistics.js';
import type { Experiment, Finding, RowPlan, Run } from '../../experiment.js';
import type { Mode } from '../../modes.js';
import { statusOf } from '../../world/call.js';
import type { Issued } from '../../world/issue.js';
import type { Realm } from '../../world/maker.js';
import { openIn } from '../../world/open-in.js';
import type { World } from '../../world/world.js';
import { type Progress, type Recipe, recipeOf, type Step } from './recipes.js';

const rows: readonly RowPlan[] = [
  {
    id: 'steps',
    title: 'Steps',
    better: 'lower',
    how: 'The steps that were taken, one call or page each, from a tenant with nothing in it to a credential.',
  },
  {
    id: 'human-steps',
    title: 'Steps that are a person’s',
    better: 'lower',
    how: 'Of these steps, those that a person takes where the client acts for a person. Here a program took the person’s place at FusionAuth’s own page.',
  },
  {
    id: 'secrets',
    title: 'Secrets to guard',
    better: 'lower',
    how: 'What would let somebody in who reads it, counted for one client and one API.',
  },
  { id: 'plan', title: 'Plan needed', how: 'FusionAuth’s price list, as its documents name the feature.' },
  {
    id: 'renews-unattended',
    title: 'Renewed without a person',
    how: 'A second credential was asked for with what the client has, and tried at the API.',
  },
  {
    id: 'audited',
    title: 'Use is recorded by FusionAuth',
    how: 'FusionAuth’s login records were searched for the user; where they cannot be, as documented.',
  },
  {
    id: 'first-200',
    title: 'From nothing to the first 200',
    unit: 's',
    better: 'lower',
    how: 'From the first step, by program, to the first request that the API accepts, its own start included.',
  },
];

/** What it takes to begin. */
export const setUp: Experiment = {
  id: 'set-up',
  title: 'Set-up',
  question: 'What does it take to begin, and to go on?',
  rows,
  async run(run) {
    const world = await run.ground.world();
    for (const mode of run.modes) {
      for (const finding of await setUpOf(run, world, mode)) run.put(finding);
      run.note(`${mode.id}: set up`);
    }
  },
};

async function setUpOf({ ground }: Run, world: World, mode: Mode): Promise<Finding[]> {
  const recipe = recipeOf(mode);
  const tenantId = await world.newTenant();
  const seen = await ground.withDoors(async (doors) => {
    const began = performance.now();
    const { realm, issued } = await follow(recipe, { world, realm: { tenantId }, issued: {} });
    const door = await openIn(world, doors, mode, {
      settings: settingsOf(realm),
      realm: realm as Realm,
    });
    const works = async ({ headers }: Issued) => (await statusOf(`${door.url}/todos`, headers)) === 200;
    const credential = issued as Issued;
    if (!(await works(credential))) throw new Error(`${mode.id}: the credential that was set up is refused`);
    const seconds = (performance.now() - began) / 1000;
    const next = await recipe.renew?.(world, realm as Realm, credential);
    return { seconds, renews: next !== undefined && (await works(next)), credential };
  });
  const use = await audited(world, mode, seen.credential);
  return [...counted(recipe), ...timed(seen), { row: 'audited', ...use }].map((finding) => ({
    mode: mode.id,
    ...finding,
  }));
}

type OfMode = Omit<Finding, 'mode'>;

function counted({ steps, secrets, plan }: Recipe): OfMode[] {
  const titles = (of: readonly Step[]) => of.map(({ title }) => title).join('; ');
  const people = steps.filter(({ by }) => by === 'person');
  return [
    { row: 'steps', value: steps.length, text: `${steps.length}: ${titles(steps)}` },
    {
      row: 'human-steps',
      value: people.length,
      text: people.length === 0 ? '0' : `${people.length}: ${titles(people)}`,
    },
    { row: 'secrets', value: secrets.length, text: `${secrets.length}: ${secrets.join('; ')}` },
    {
      row: 'plan',
      value: plan,
      text: plan,
      evidence: { kind: 'as-documented', section: '14', tag: 'D' },
    },
  ];
}

const timed = ({ seconds, renews }: { seconds: number; renews: boolean }): OfMode[] => [
  {
    row: 'renews-unattended',
    value: renews,
    text: renews ? 'yes' : 'no: an operator, or a program of the operator’s, makes the next one',
    rating: renews ? 'good' : 'fair',
  },
  { row: 'first-200', value: rounded(seconds), samples: 1, text: `${rounded(seconds)} s` },
];

async function follow({ steps }: Recipe, begun: Progress): Promise<Progress> {
  let progress = begun;
  for (const { run } of steps) {
    const { realm = progress.realm, issued = {} } = (await run(progress)) ?? {};
    progress = { ...progress, realm, issued: { ...progress.issued, ...issued } };
  }
  return progress;
}

/** What the steps made that the API must know. */
function settingsOf(realm: Progress['realm']): Record<string, string> {
  const { ownKey, probeGroupId } = realm as { ownKey?: string; probeGroupId?: string };
  return {
    ...(ownKey === undefined ? {} : { FUSIONAUTH_API_KEY: ownKey }),
    ...(probeGroupId === undefined ? {} : { FUSIONAUTH_PROBE_GROUP_ID: probeGroupId }),
  };
}

const records = z.object({ total: z.number() });

/** Looks for the user's login record; FusionAuth writes it a moment after the log-in. */
async function audited(
  world: World,
  { kind }: Mode,
  { userId }: Issued,
): Promise<Omit<Finding, 'mode' | 'row'>> {
  if (userId === undefined) {
    const [section, tag] = kind === 'api-key' ? ['9', '#507'] : ['19', '#3315'];
    const text = 'no: FusionAuth keeps no trace of its use';
    return { value: false, text, rating: 'poor', evidence: { kind: 'as-documented', section, tag } };
  }
  for (let tries = 0; tries < 10; tries += 1) {
    const path = `/api/system/login-record/search?userId=${userId}`;
    const { status, body } = await world.admin.ask('GET', path);
    if (status !== 200) break;
    if ((records.safeParse(body).data?.total ?? 0) > 0) {
      return {
        value: true,
        text: 'yes: found in the login records',
        rating: 'good',
        evidence: world.fact('10', 'D'),
      };
    }
    await delay(500);
  }
  const text = kind === 'email-token' ? 'yes, each check of the API' : 'yes, the log-in; not the requests';
  return { value: true, text, rating: 'good', evidence: { kind: 'as-documented', section: '10', tag: 'D' } };
}
