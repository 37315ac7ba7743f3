import { getRequest } from '../../../measure/src/connection.js';
import { atRandom, sendEach, steadily } from '../../../measure/src/load.js';
import { rounded, shareInterval } from '../../../measure/src/statistics.js';
import type { Experiment, RowPlan, Run } from '../experiment.js';
import { type Mode, takesWebhooks } from '../modes.js';
import type { Apis } from '../world/apis.js';
import { madeUpCredentials, settingsWith } from '../world/made-up.js';

/** T, CREDENTIAL_CACHE_SECONDS. */
const trustSeconds = 5;
/** R, requests per second of all clients together. */
const rate = 100;
/** D, clients with a credential each. */
const clientCounts = [1, 100, 10_000];
const moreClientCounts = [1, 10, 100, 1_000, 10_000];

/** Returns the number of calls for one check of a credential that the API already knows. */
export const callsForCheck = (mode: Mode): number => {
  if (!mode.asksFusionAuth) return 0;
  return mode.environment['JWT_VALIDATION'] === 'session' ? 3 : 1;
};

/** Returns the long-run calls per thousand requests: each client's first request after T causes a check. */
export const formula = (clients: number, perSecond: number, seconds: number): number =>
  1_000 / (1 + (perSecond * seconds) / clients);

const how = (clients: number) =>
  `${rate} requests a second, ${clients === 1 ? 'all from 1 client' : `each from one of ${clients.toLocaleString('en')} clients at random`}, credentials trusted for ${trustSeconds} s; the calls that reach a stand-in for FusionAuth are counted once the cache time has passed.`;

const rows: readonly RowPlan[] = [
  ...clientCounts.map((clients) => ({
    id: `calls-${clients}`,
    title: `Calls for 1,000 requests, ${clients.toLocaleString('en')} ${clients === 1 ? 'client' : 'clients'}`,
    unit: 'calls',
    better: 'lower' as const,
    how: how(clients),
  })),
  {
    id: 'curve',
    title: 'Calls for 1,000 requests, by number of clients',
    unit: 'calls',
    better: 'lower',
    how: 'The measured points: number of clients, calls for 1,000 requests.',
  },
  {
    id: 'formula',
    title: 'The same by the formula 1000 / (1 + R·T/D)',
    unit: 'calls',
    how: `R = ${rate} requests a second, T = ${trustSeconds} s, D clients; times the calls that one check takes.`,
  },
];

/** Measures how often FusionAuth is called, by the number of clients. */
export const calls: Experiment = {
  id: 'calls',
  title: 'Calls to FusionAuth',
  question: 'How often is FusionAuth called, and how does that grow with the number of clients?',
  rows,
  async run(run) {
    const asking = run.modes.filter(({ asksFusionAuth }) => asksFusionAuth);
    for (const mode of run.modes) if (!asking.includes(mode)) putNone(run, mode);
    const counts = run.full ? moreClientCounts : clientCounts;
    // Before anything is counted: minting tokens takes the whole CPU.
    for (const mode of asking) await madeUpCredentials(run.ground, mode, Math.max(...counts));
    await run.ground.withApis((apis) => Promise.all(asking.map((mode) => count(run, apis, mode, counts))));
  },
};

function putNone({ put }: Run, mode: Mode): void {
  const points = clientCounts.map((clients): [number, number] => [clients, 0]);
  for (const { id: row } of rows) {
    const how = takesWebhooks(mode)
      ? 'FusionAuth is not called about a credential: it announces revocations. Every 15 s the API asks whether it missed a webhook, for any number of requests.'
      : 'FusionAuth is not called about a credential: the keys that it publishes are enough.';
    put({
      mode: mode.id,
      row,
      value: 0,
      text: '0',
      rating: 'good',
      how,
      ...(row.includes('-') ? {} : { points }),
    });
  }
}

async function count(run: Run, apis: Apis, mode: Mode, counts: readonly number[]): Promise<void> {
  const measured = await Promise.all(
    counts.map(async (clients) => ({ clients, ...(await countWith(run, apis, mode, clients)) })),
  );
  for (const { clients, per1000, perSecond, interval, requests } of measured) {
    const row = `calls-${clients}`;
    if (!rows.some(({ id }) => id === row)) continue;
    const expected = formula(clients, perSecond, trustSeconds) * callsForCheck(mode);
    run.put({
      mode: mode.id,
      row,
      value: rounded(per1000),
      interval,
      samples: requests,
      text: `${rounded(per1000)} calls (formula ${rounded(expected)})`,
    });
  }
  const points = measured.map(({ clients, per1000 }): [number, number] => [clients, rounded(per1000)]);
  run.put({ mode: mode.id, row: 'curve', text: points.map(([, calls]) => calls).join(', '), points });
  const byFormula = moreClientCounts.map((clients): [number, number] => [
    clients,
    rounded(formula(clients, rate, trustSeconds) * callsForCheck(mode)),
  ]);
  run.put({
    mode: mode.id,
    row: 'formula',
    text: byFormula.map(([, calls]) => calls).join(', '),
    points: byFormula,
  });
}

async function countWith(run: Run, apis: Apis, mode: Mode, clients: number) {
  const standIn = await run.ground.standIn();
  const environment = settingsWith(standIn, mode, {
    CREDENTIAL_CACHE_SECONDS: String(trustSeconds),
    FUSIONAUTH_DEADLINE_MS: '10000',
  });
  const { url } = await apis.open(environment);
  const credentials = await madeUpCredentials(run.ground, mode, clients);
  const requests = credentials.map((headers) => getRequest(url, '/guarded', headers));
  // For a new key the API also checks, once a day, that it has no further permissions.
  if (mode.kind === 'api-key') await sendEach(url, requests);
  const load = { url, requests: atRandom(requests), rate, inFlight: 32 };
  await steadily({ ...load, durationMs: (trustSeconds + 0.5) * 1000 });
  const before = standIn.callsAboutCredentials();
  const answers = await steadily({ ...load, durationMs: (run.full ? 30 : 10) * 1000 });
  const asked = standIn.callsAboutCredentials() - before;
  const accepted = answers.statuses.get(200) ?? 0;
  if (accepted < answers.answered) {
    throw new Error(
      `${mode.id} with ${clients} clients: ${answers.answered - accepted} good requests refused`,
    );
  }
  run.note(`${mode.id}, ${clients} clients: ${asked} calls for ${answers.answered} requests`);
  const checks = asked / callsForCheck(mode);
  const [low, high] = shareInterval(checks, answers.answered);
  const thousandfold = 1_000 * callsForCheck(mode);
  return {
    requests: answers.answered,
    // A busy machine may not reach the planned rate.
    perSecond: answers.answered / answers.seconds,
    per1000: (asked * 1_000) / answers.answered,
    interval: [rounded(low * thousandfold), rounded(high * thousandfold)] as [number, number],
  };
}
