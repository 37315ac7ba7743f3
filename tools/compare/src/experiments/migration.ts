import { setTimeout as delay } from 'node:timers/promises';
import { type Experiment, notApplicable, type RowPlan, type Run } from '../experiment.js';
import { type Mode, modes } from '../modes.js';
import { type Apis, openIn, statusOf } from '../world/apis.js';
import { issue, type Issued } from '../world/issue.js';
import type { World } from '../world/world.js';

/** Requests with the old credential, alternating between both, and with the new one alone. */
const requestsInEachPart = 20;
const oldCanGo = 'old-can-go';

const rows: readonly RowPlan[] = [
  ...modes.map(({ id, title }) => ({
    id: `to/${id}`,
    title: `To ${title}: failed requests`,
    unit: 'failed',
    better: 'lower' as const,
    how: `A client moves from one credential to the other while the API accepts both: ${requestsInEachPart} requests with the old one, as many alternating, as many with the new one; then the API accepts only the new one, and the client continues. Every answer other than 200 is a failure.`,
  })),
  {
    id: oldCanGo,
    title: 'When the old credential can be removed',
    how: 'From the API’s metrics during the move: the count of the old strategy stops once the client has moved. Where both are tokens, their strategy is the same, and the last use in `credentials list` distinguishes them.',
  },
];

/** Migrates from each mode to each other, with both enabled. */
export const migration: Experiment = {
  id: 'migration',
  title: 'Migration',
  question: 'Can clients move to another strategy one by one, without a failed request?',
  rows,
  async run(run) {
    const world = await run.ground.world();
    await run.ground.withApis((apis) =>
      Promise.all(run.modes.map((from) => moveFrom(from, run, world, apis))),
    );
  },
};

async function moveFrom(from: Mode, run: Run, world: World, apis: Apis): Promise<void> {
  const seen: (boolean | undefined)[] = [];
  for (const to of modes) {
    const row = `to/${to.id}`;
    if (from === to) {
      run.put(notApplicable(from, row, 'it is the same'));
    } else if (!run.modes.includes(to)) {
      run.put(notApplicable(from, row, 'this run leaves the other mode out'));
    } else {
      const { failed, requests, stoodStill } = await move(world, apis, from, to);
      seen.push(stoodStill);
      const rating = failed === 0 ? 'good' : 'poor';
      run.put({
        mode: from.id,
        row,
        value: failed,
        samples: requests,
        text: `${failed} of ${requests}`,
        rating,
      });
    }
  }
  const known = seen.filter((one) => one !== undefined);
  const by = known.length > 0 && known.every(Boolean) ? 'its count in the metrics has stopped' : undefined;
  const text = [by, '`credentials list` shows its last use'].filter(Boolean).join('; ');
  run.put({ mode: from.id, row: oldCanGo, value: text, text });
  run.note(`from ${from.id}: done`);
}

async function move(world: World, apis: Apis, from: Mode, to: Mode) {
  const [older, newer] = [await issue(world, from.kind), await issue(world, to.kind)];
  // Where both are tokens, a setting decides how they are checked: the new one applies as soon as both are accepted.
  const both = await openIn(world, apis, to, {
    settings: { AUTH_STRATEGY: strategiesOf(from, to).join(',') },
  });
  const before = await ask(both.url, [older], requestsInEachPart);
  const during = await ask(both.url, [older, newer], requestsInEachPart);
  const counted = await usesOf(both.metrics(), from);
  const after = await ask(both.url, [newer], requestsInEachPart);
  const countedThen = await usesOf(both.metrics(), from);
  await both.close();
  const alone = await openIn(world, apis, to);
  const last = await ask(alone.url, [newer], requestsInEachPart);
  await alone.close();
  const statuses = [...before, ...during, ...after, ...last];
  const sameStrategy = strategiesOf(from, to).length === 1;
  return {
    requests: statuses.length,
    failed: statuses.filter((status) => status !== 200).length,
    stoodStill: sameStrategy ? undefined : counted > 0 && countedThen === counted,
  };
}

const strategiesOf = (...both: readonly Mode[]): string[] => [
  ...new Set(both.map(({ environment }) => environment['AUTH_STRATEGY'] ?? '')),
];

/** Sends one request after the other, alternating between the credentials. */
async function ask(url: string, credentials: readonly Issued[], times: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const { headers } = credentials[turn % credentials.length] as Issued;
    statuses.push(await statusOf(`${url}/todos`, headers));
    await delay(5);
  }
  return statuses;
}

/** Returns the number of requests accepted by the strategy of a mode, from the API's metrics. */
async function usesOf(metrics: Promise<string>, { environment }: Mode): Promise<number> {
  const via = environment['AUTH_STRATEGY'] ?? '';
  const line = new RegExp(
    `^gatehouse_authentications_total\\{via="${via}",outcome="accepted"\\} (\\d+)`,
    'm',
  );
  return Number(line.exec(await metrics)?.[1] ?? 0);
}
