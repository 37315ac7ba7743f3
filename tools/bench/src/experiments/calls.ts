import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Experiment } from '../bench.js';
import { type Result, result } from '../goals.js';
import { openConnections } from '../load/connection.js';
import { burst, steadily } from '../load/load.js';
import { median, percentile, rounded } from '../statistics.js';
import { bearer, environmentOf, inTurn, requestsOf } from './credentials.js';

const introspect = '/oauth2/introspect';

const guardAt = async (bench: Bench, fusionAuthUrl: string, trustSeconds: number) =>
  bench.target('nest', {
    guard: 'gatehouse',
    adapter: 'fastify',
    fusionAuthUrl,
    environment: { ...environmentOf.introspection, CREDENTIAL_CACHE_SECONDS: String(trustSeconds) },
  });

/** R requests a second over D credentials. */
const rate = 1_000;
const credentialCount = 10;

/** How often FusionAuth is asked, against what trust for T seconds makes necessary. */
export const calls: Experiment = {
  goals: ['G8'],
  about: 'calls to FusionAuth at a steady 1,000 requests a second',
  async run(bench) {
    const cases = bench.quick
      ? [{ trust: 1, seconds: 3 }]
      : [
          { trust: 1, seconds: 10 },
          { trust: 5, seconds: 20 },
        ];
    // Side by side: neither uses much of the core.
    const counted = await Promise.all(cases.map(({ trust, seconds }) => count(bench, trust, seconds)));
    const worst = Math.max(...counted.map(({ ofFormula }) => ofFormula));
    const met = counted.every(({ ofFormula, mostForOne, cap }) => ofFormula <= 1.15 && mostForOne <= cap);
    return [
      result('G8', rounded(worst), met, {
        ...(bench.quick ? { reason: '--quick leaves out T = 5 s' } : {}),
        counted,
      }),
    ];
  },
};

async function count(bench: Bench, trust: number, seconds: number) {
  const fusionAuth = await bench.fusionAuth({ delay: 5 });
  const { url } = await guardAt(bench, fusionAuth.url, trust);
  const tokens = await bench.tokens(credentialCount);
  const requests = inTurn(requestsOf(url, '/guarded', tokens.map(bearer)));
  const {
    answered,
    statuses,
    seconds: took,
  } = await steadily({
    url,
    requests,
    rate,
    inFlight: 64,
    milliseconds: seconds * 1000,
  });
  if (statuses.get(200) !== answered) throw new Error('A good credential was not accepted');
  const asked = await fusionAuth.ask<number>('calls', introspect);
  // With the rate that came about: a busy machine may not keep up.
  const formula = 1_000 / (1 + ((answered / took) * trust) / credentialCount);
  const per1000 = (asked * 1_000) / answered;
  bench.note(`T = ${trust} s: ${asked} calls for ${answered} requests`);
  return {
    trust,
    seconds,
    requests: answered,
    calls: asked,
    per1000: rounded(per1000),
    formula: rounded(formula),
    ofFormula: per1000 / formula,
    mostForOne: await fusionAuth.ask<number>('mostForOne'),
    cap: Math.floor(took / trust) + 1,
  };
}

const callers = 1_000;
const upstream = 20;

/** A thousand at once with one new credential. */
export const stampede: Experiment = {
  goals: ['G9'],
  about: 'a stampede with one new credential',
  async run(bench): Promise<readonly Result[]> {
    const fusionAuth = await bench.fusionAuth({ delay: upstream });
    const { url } = await guardAt(bench, fusionAuth.url, 5);
    const bursts = bench.quick ? 4 : 12;
    const requests = requestsOf(url, '/guarded', (await bench.tokens(bursts)).map(bearer));
    const connections = await openConnections(url, callers);
    const seen = [];
    for (const request of requests) {
      const before = await fusionAuth.ask<number>('calls', introspect);
      const { statuses, latencies } = await burst(connections, request);
      const asked = (await fusionAuth.ask<number>('calls', introspect)) - before;
      if (statuses.get(200) !== callers) throw new Error('A good credential was not accepted');
      seen.push({ asked, p99: percentile(latencies, 0.99) });
      bench.note(`${asked} call for ${callers} requests, p99 ${rounded(seen.at(-1)?.p99 ?? NaN)} ms`);
      await pause(100);
    }
    connections.forEach((connection) => connection.close());
    // The first ones meet code that is not compiled yet.
    const warm = seen.slice(Math.floor(bursts / 4));
    const p99 = median(warm.map((one) => one.p99));
    const most = Math.max(...seen.map(({ asked }) => asked));
    return [
      result('G9', most, most === 1 && p99 <= 4 * upstream, {
        p99Milliseconds: rounded(p99),
        timesUpstream: rounded(p99 / upstream),
        values: warm.map((one) => rounded(one.p99)),
      }),
    ];
  },
};
