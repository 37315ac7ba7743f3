import { setTimeout as pause } from 'node:timers/promises';
import { bearer, Connection, getRequest } from '../../../measure/src/connection.js';
import { type Fault, probeGroupId } from '../../../measure/src/fusionauth-stand-in.js';
import { inTurn, msUntilAccepted, type Requests, steadily } from '../../../measure/src/load.js';
import type { Usage } from '../../../measure/src/serve.js';
import { percentile, rounded } from '../../../measure/src/statistics.js';
import type { Bench, Experiment } from '../bench.js';
import { apiKey, environmentOf, guardedRequests } from './credentials.js';

const [knownCount, unknownCount] = [100, 150];

/** Makes FusionAuth unavailable for four seconds, with a cache time of one second. */
export const outage: Experiment = {
  goals: ['G12'],
  about: 'FusionAuth fails, hangs, refuses connections, for 4 s each',
  tokens: () => knownCount + unknownCount,
  async run(bench) {
    const seen: (Survival & { fault: Fault; naive: Survival })[] = [];
    for (const fault of bench.quick ? (['hang'] as const) : (['500', 'hang', 'refused'] as const)) {
      // One after the other: without layers every request is a failed call, which uses the whole core.
      const ours = await survive(bench, 'gatehouse', fault);
      const naive = await survive(bench, 'naive', fault);
      bench.note(`${fault}: ${ours.knownPercent} % of known accepted (naive ${naive.knownPercent} %)`);
      seen.push({ fault, ...ours, naive });
    }
    const maximum = (of: (one: Survival) => number) => Math.max(...seen.map(of));
    const figures = {
      '% of known accepted': Math.min(...seen.map(({ knownPercent }) => knownPercent)),
      // A guard without layers makes a call for every request.
      'calls, % of requests': maximum(({ calls, requests }) => (100 * calls) / requests),
      'unknown not answered 503': maximum(({ unknown }) => unknown.answered - (unknown.statuses['503'] ?? 0)),
      'ms for the slowest unknown': maximum(({ unknown }) => unknown.slowestMs),
      'ms to recover': maximum(({ recoveredMs }) => recoveredMs),
    };
    return { G12: { figures, detail: { seen } } };
  },
};

type Survival = Awaited<ReturnType<typeof survive>>;

async function survive(bench: Bench, guard: string, fault: Fault) {
  const fusionAuth = await bench.fusionAuth({ delayMs: 5 });
  const environment = {
    ...environmentOf.introspection,
    CREDENTIAL_CACHE_SECONDS: '1',
    CREDENTIAL_GRACE_SECONDS: '60',
    FUSIONAUTH_DEADLINE_MS: '250',
  };
  const target = await bench.target('nest', { guard, fusionAuthUrl: fusionAuth.url, environment });
  const { url } = target;
  const requests = guardedRequests(url, (await bench.tokens(knownCount + unknownCount)).map(bearer));
  const known = inTurn(requests.slice(0, knownCount));
  const strangers = inTurn(requests.slice(knownCount));
  const load = (rate: number, next: Requests, durationMs: number) =>
    steadily({ url, requests: next, rate, inFlight: 200, durationMs });
  await load(2_000, known, 1_500);
  await fusionAuth.behave({ fault });
  const before = await target.ask<Usage>('usage');
  const [familiar, unknown] = await Promise.all([load(2_000, known, 4_000), load(10, strangers, 4_000)]);
  const after = await target.ask<Usage>('usage');
  await fusionAuth.behave({ fault: 'none' });
  return {
    knownPercent: rounded((100 * (familiar.statuses.get(200) ?? 0)) / familiar.answered),
    calls: after.calls - before.calls,
    requests: familiar.answered + unknown.answered,
    unknown: {
      answered: unknown.answered,
      statuses: Object.fromEntries(unknown.statuses) as Record<string, number>,
      slowestMs: rounded(Math.max(...unknown.latenciesMs)),
    },
    // With credentials never seen before.
    recoveredMs: await msUntilAccepted(url, strangers, 3_000),
  };
}

/** Sends a flood of credentials that need a call to FusionAuth, from the address of one legitimate client. */
export const flood: Experiment = {
  goals: ['G13'],
  about: 'a flood of bogus API keys beside one good client',
  tooLong: 'more credentials than are remembered, 11 s',
  async run(bench) {
    // More credentials than the 20,000 entries of the cache.
    const ours = await withstand(bench, 'gatehouse', 11_000);
    const naive = await withstand(bench, 'naive', 4_000);
    const figures = {
      'p50 / calm': ours.p50Ms / ours.calmP50Ms,
      'p99 / no cache': ours.p99Ms / naive.p99Ms,
      'calls for the good client': ours.callsForGood,
    };
    return { G13: { figures, detail: { ours, naive } } };
  },
};

async function withstand(bench: Bench, guard: string, durationMs: number) {
  const fusionAuth = await bench.fusionAuth({ delayMs: 20 });
  const environment = { ...environmentOf['api-key'], CREDENTIAL_CACHE_SECONDS: '60' };
  const { url } = await bench.target('nest', { guard, fusionAuthUrl: fusionAuth.url, environment });
  const key = apiKey('good');
  const good = getRequest(url, '/guarded', key);
  const path = `/api/group/${probeGroupId}`;
  const callsForGood = () => fusionAuth.calls(path, key['X-API-Key']);
  await visit(url, good, 1_000);
  const calmMs = await visit(url, good, 1_500);
  const asked = callsForGood();
  // Each request has another key; sending pauses at the limit of unanswered requests.
  const bogus = () => getRequest(url, '/guarded', apiKey('bad'));
  const [refused, floodedMs] = await Promise.all([
    steadily({ url, requests: bogus, rate: 2_000, inFlight: 900, durationMs }),
    visit(url, good, durationMs),
  ]);
  if (refused.statuses.has(200)) throw new Error('A bogus credential was accepted');
  const seen = {
    calmP50Ms: rounded(percentile(calmMs, 0.5)),
    p50Ms: rounded(percentile(floodedMs, 0.5)),
    p99Ms: rounded(percentile(floodedMs, 0.99)),
    bogus: refused.answered,
    bogusStatuses: Object.fromEntries(refused.statuses),
    callsForGood: callsForGood() - asked,
  };
  bench.note(`${guard}: p50 ${seen.calmP50Ms} ms calm, ${seen.p50Ms} ms in the flood, p99 ${seen.p99Ms} ms`);
  return seen;
}

/** Sends requests of one client, each 10 ms after the last answer. Resolves with the milliseconds of each. */
async function visit(url: string, request: Buffer, durationMs: number): Promise<readonly number[]> {
  const connection = await Connection.open(url);
  const waitsMs: number[] = [];
  const began = performance.now();
  while (performance.now() - began < durationMs) {
    const sentAt = performance.now();
    const status = await connection.request(request);
    if (status !== 200) throw new Error(`The good client was answered ${status}`);
    waitsMs.push(performance.now() - sentAt);
    await pause(10);
  }
  connection.close();
  return waitsMs;
}
