import { setTimeout as delay } from 'node:timers/promises';
import { getRequest, type Headers } from '../../../../measure/src/connection.js';
import { type Fault, faults as kinds } from '../../../../measure/src/fault-proxy.js';
import { inTurn, msUntilAccepted, onSchedule } from '../../../../measure/src/load.js';
import type { Experiment, RowPlan, Run } from '../../experiment.js';
import type { CredentialKind, Mode } from '../../modes.js';
import { type Apis, openIn } from '../../world/apis.js';
import { issue, type Issued, issueMany, renew } from '../../world/issue.js';
import type { World } from '../../world/world.js';
import { findings, recoveryLimitMs } from './findings.js';

const trustSeconds = 1;
const graceSeconds = 60;
/** Seconds of normal operation before, of outage, and after it. */
const calmSeconds = 2;
const outageSeconds = (full: boolean): number => (full ? 30 : 8);
const afterSeconds = 4;
/** Requests per second with credentials that were used before, and with new ones. */
const knownPerSecond = 10;
const newPerSecond = 2;
const knownCount = 3;

const faults: readonly { readonly id: string; readonly title: string; readonly fault: Fault }[] = [
  { id: 'refused', title: 'FusionAuth refuses connections', fault: kinds.refuse },
  { id: 'hanging', title: 'FusionAuth hangs', fault: kinds.hang },
  { id: 'error-500', title: 'FusionAuth answers 500', fault: kinds.error },
];

const how = `FusionAuth is unavailable for ${outageSeconds(false)} s (${outageSeconds(true)} s with --full) behind a proxy that fails in this way; cache time ${trustSeconds} s, grace ${graceSeconds} s.`;

const rows: readonly RowPlan[] = faults.flatMap(({ id, title }): RowPlan[] => [
  {
    id: `${id}/served`,
    title: `${title}: share served, credentials used before`,
    better: 'higher',
    how: `${how} ${knownPerSecond} requests a second with credentials that were accepted just before. The time line has the share in each second.`,
  },
  {
    id: `${id}/served-new`,
    title: `${title}: share served, credentials never used before`,
    better: 'higher',
    how: `${how} ${newPerSecond} requests a second, each with another credential that the API has never seen.`,
  },
  {
    id: `${id}/unavailable`,
    title: `${title}: share answered 503`,
    better: 'lower',
    how: `${how} Of all requests during the outage.`,
  },
  {
    id: `${id}/unauthorized`,
    title: `${title}: answered 401`,
    better: 'lower',
    how: `${how} All credentials are valid, so each 401 is wrong.`,
  },
  {
    id: `${id}/recovery`,
    title: `${title}: until a new credential is accepted again`,
    unit: 's',
    better: 'lower',
    how: `${how} From the end of the outage until a credential that the API has never seen is accepted.`,
  },
]);

/** Measures the answers while FusionAuth cannot be reached. */
export const outage: Experiment = {
  id: 'outage',
  title: 'Outage',
  question: 'Who is served while FusionAuth is down, and how soon does everything work again?',
  rows,
  async run(run) {
    const world = await run.ground.sandbox();
    const credentials = await makeCredentials(world, run);
    await run.ground.withApis(async (apis) => {
      const trials = run.modes.flatMap((mode) =>
        faults.map((one) => live({ run, world, apis, mode, ...one, ...credentials[mode.kind] })),
      );
      await Promise.all(trials);
    });
  },
};

/** Credentials used before and never used; modes share them, since each mode's API has its own cache. */
interface Credentials {
  readonly known: readonly Headers[];
  readonly fresh: readonly Headers[];
}

async function makeCredentials(
  world: World,
  { modes, full }: Run,
): Promise<Record<CredentialKind, Credentials>> {
  const needed = new Set(modes.map(({ kind }) => kind));
  const count = knownCount + newPerSecond * outageSeconds(full) + 1;
  const none = { known: [], fresh: [] };
  const of = async (kind: CredentialKind): Promise<Credentials> => {
    if (!needed.has(kind)) return none;
    const issued =
      kind === 'user-token' ? await sessionOf(world, count) : await issueMany(count, world, kind);
    const headers = issued.map((one) => one.headers);
    return { known: headers.slice(0, knownCount), fresh: headers.slice(knownCount) };
  };
  return {
    'user-token': await of('user-token'),
    'machine-token': await of('machine-token'),
    'api-key': await of('api-key'),
    'email-token': await of('email-token'),
  };
}

/** Returns different access tokens of one session. */
async function sessionOf(world: World, count: number): Promise<readonly Issued[]> {
  const tokens = [await issue(world, 'user-token')];
  for (let last = tokens[0]; last && tokens.length < count; tokens.push(last))
    last = await renew(world, world.realm, last);
  return tokens;
}

interface Trial extends Credentials {
  readonly run: Run;
  readonly world: World;
  readonly apis: Apis;
  readonly mode: Mode;
  readonly id: string;
  readonly fault: Fault;
}

async function live({ run, world, apis, mode, id, fault, known, fresh }: Trial): Promise<void> {
  const proxy = await run.ground.proxy(world);
  const settings = {
    FUSIONAUTH_URL: proxy.url,
    FUSIONAUTH_DEADLINE_MS: '1000',
    CREDENTIAL_CACHE_SECONDS: String(trustSeconds),
    CREDENTIAL_GRACE_SECONDS: String(graceSeconds),
  };
  const { url } = await openIn(world, apis, mode, { settings });
  const requests = (headers: readonly Headers[]) =>
    inTurn(headers.map((one) => getRequest(url, '/todos', one)));
  const lastsMs = outageSeconds(run.full) * 1000;
  const [beginMs, endMs] = [calmSeconds * 1000, calmSeconds * 1000 + lastsMs];
  const all = onSchedule({
    url,
    requests: requests(known),
    rate: knownPerSecond,
    durationMs: endMs + afterSeconds * 1000,
  });
  await delay(beginMs);
  await proxy.set(fault);
  const strangers = onSchedule({
    url,
    requests: requests(fresh.slice(1)),
    rate: newPerSecond,
    // The last one's answer belongs to the outage too.
    durationMs: lastsMs - 1_500,
  });
  await delay(lastsMs);
  await proxy.set(kinds.none);
  const recoveryMs = await msUntilAccepted(url, requests(fresh.slice(0, 1)), recoveryLimitMs);
  const seen = { known: await all, strangers: await strangers, beginMs, endMs, recoveryMs };
  for (const finding of findings(mode.id, id, seen)) run.put(finding);
  run.note(`${mode.id}, ${id}: seen`);
}
