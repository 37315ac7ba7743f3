import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Experiment } from '../bench.js';
import { result } from '../goals.js';
import { Connection } from '../load/connection.js';
import { type Answers, steadily } from '../load/load.js';
import type { Child } from '../processes/child.js';
import { rounded } from '../statistics.js';
import type { Behaviour } from '../targets/fusionauth.js';
import { bearer, environmentOf, inTurn, requestsOf } from './credentials.js';

/** Without a guard's memory that many calls would be made. */
const perSecond = 2_000;
const knownCount = 100;
const unknownCount = 150;
const milliseconds = 4_000;
const patience = 3_000;
const faults = ['500', 'hang', 'refused'] as const;
const worstFault = ['hang'] as const;

/** FusionAuth is away for four seconds, with every credential trusted for one. */
export const outage: Experiment = {
  goals: ['G12'],
  about: 'FusionAuth fails, hangs, refuses connections, for 4 s each',
  tokens: () => knownCount + unknownCount,
  async run(bench) {
    const seen = [];
    for (const fault of bench.quick ? worstFault : faults) {
      // One after the other: without layers every request is a failed call, which leaves nothing of the core.
      const ours = await survive(bench, 'gatehouse', fault);
      const naive = await survive(bench, 'naive', fault);
      bench.note(
        `${fault}: ${ours.known} % of known accepted (naive ${naive.known} %), ${ours.calls} calls for ${ours.requests} requests, recovered after ${ours.recoveredAfter ?? 'more than 3,000'} ms`,
      );
      seen.push({ fault, ...ours, naive });
    }
    const met = seen.every(
      ({ known, calls, requests, unknownStatuses, slowestUnknown, recoveredAfter }) =>
        known === 100 &&
        // A guard without layers makes a call for every request.
        calls <= requests / 100 &&
        Object.keys(unknownStatuses).join() === '503' &&
        slowestUnknown <= 300 &&
        recoveredAfter !== null &&
        recoveredAfter <= 2_000,
    );
    return [
      result('G12', Math.min(...seen.map(({ known }) => known)), met, {
        ...(bench.quick ? { reason: '--quick lets FusionAuth hang only' } : {}),
        seen,
      }),
    ];
  },
};

async function survive(bench: Bench, guard: string, fault: Behaviour['fault']) {
  const fusionAuth = await bench.fusionAuth({ delay: 5 });
  const environment = {
    ...environmentOf.introspection,
    CREDENTIAL_CACHE_SECONDS: '1',
    CREDENTIAL_GRACE_SECONDS: '60',
    FUSIONAUTH_DEADLINE_MS: '250',
  };
  const settings = { guard, adapter: 'fastify', fusionAuthUrl: fusionAuth.url, environment };
  const target = await bench.target('nest', settings);
  const headers = (await bench.tokens(knownCount + unknownCount)).map(bearer);
  const requests = requestsOf(target.url, '/guarded', headers);
  const known = inTurn(requests.slice(0, knownCount));
  const strangers = inTurn(requests.slice(knownCount));
  const load = (rate: number, next: () => Buffer, length: number) =>
    steadily({ url: target.url, requests: next, rate, inFlight: 200, milliseconds: length });
  await load(perSecond, known, 1_500);
  await fusionAuth.ask('behave', { fault });
  const before = await target.ask<number>('calls');
  const [familiar, unknown] = await Promise.all([
    load(perSecond, known, milliseconds),
    load(10, strangers, milliseconds),
  ]);
  const calls = (await target.ask<number>('calls')) - before;
  await fusionAuth.ask('behave', { fault: 'none' });
  return {
    known: rounded(accepted(familiar)),
    knownStatuses: Object.fromEntries(familiar.statuses),
    calls,
    requests: familiar.answered + unknown.answered,
    unknownStatuses: Object.fromEntries(unknown.statuses),
    slowestUnknown: rounded(Math.max(...unknown.latencies)),
    recoveredAfter: await recovery(target, strangers),
  };
}

const accepted = ({ statuses, answered }: Answers): number => (100 * (statuses.get(200) ?? 0)) / answered;

/** Milliseconds until a credential never seen before is accepted again; null when it takes longer than 3 s. */
async function recovery({ url }: Child, strangers: () => Buffer): Promise<number | null> {
  const began = performance.now();
  while (performance.now() - began < patience) {
    const connection = await Connection.open(url);
    const asked = connection.request(strangers()).catch(() => 0);
    const status = await Promise.race([asked, pause(500, 0)]);
    connection.close();
    if (status === 200) return Math.round(performance.now() - began);
    await pause(50);
  }
  return null;
}
