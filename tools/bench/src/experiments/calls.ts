import { setTimeout as pause } from 'node:timers/promises';
import { bearer, openConnections } from '../../../measure/src/connection.js';
import { introspectionPath } from '../../../measure/src/fusionauth-stand-in.js';
import { burst, inTurn, steadily } from '../../../measure/src/load.js';
import { median, percentile, rounded } from '../../../measure/src/statistics.js';
import type { Bench, Experiment } from '../bench.js';
import { environmentOf, guardedRequests } from './credentials.js';

const guardAt = (bench: Bench, fusionAuthUrl: string, trustSeconds: number) =>
  bench.target('nest', {
    guard: 'gatehouse',
    fusionAuthUrl,
    environment: { ...environmentOf.introspection, CREDENTIAL_CACHE_SECONDS: String(trustSeconds) },
  });

/** R requests per second over D credentials. */
const rate = 1_000;
const credentialCount = 10;

/** Measures how often FusionAuth is called, relative to the minimum for a cache time of T seconds. */
export const calls: Experiment = {
  goals: ['G8'],
  about: 'calls to FusionAuth at a steady 1,000 requests a second',
  async run(bench) {
    // In parallel: neither uses much of the core.
    const counted = await Promise.all(
      bench.quick ? [count(bench, 1, 3)] : [count(bench, 1, 10), count(bench, 5, 20)],
    );
    const figures = {
      'times the formula': Math.max(...counted.map(({ per1000, formula }) => per1000 / formula)),
      'calls for a credential beyond floor(t/T) + 1': Math.max(
        ...counted.map(({ mostForOne, cap }) => mostForOne - cap),
      ),
    };
    return { G8: { figures, detail: { counted } } };
  },
};

async function count(bench: Bench, trustSeconds: number, seconds: number) {
  const fusionAuth = await bench.fusionAuth({ delayMs: 5 });
  const { url } = await guardAt(bench, fusionAuth.url, trustSeconds);
  const tokens = await bench.tokens(credentialCount);
  const requests = inTurn(guardedRequests(url, tokens.map(bearer)));
  const answers = await steadily({ url, requests, rate, inFlight: 64, durationMs: seconds * 1000 });
  const { answered, statuses } = answers;
  if (statuses.get(200) !== answered) throw new Error('A good credential was not accepted');
  const asked = fusionAuth.calls(introspectionPath);
  bench.note(`T = ${trustSeconds} s: ${asked} calls for ${answered} requests`);
  return {
    trustSeconds,
    requests: answered,
    calls: asked,
    per1000: (asked * 1_000) / answered,
    // Uses the measured rate: a busy machine may not reach the planned one.
    formula: 1_000 / (1 + ((answered / answers.seconds) * trustSeconds) / credentialCount),
    mostForOne: fusionAuth.maximumForOne(),
    cap: Math.floor(answers.seconds / trustSeconds) + 1,
  };
}

const callers = 1_000;
const upstreamMs = 20;

/** Sends a thousand simultaneous requests with one new credential. */
export const stampede: Experiment = {
  goals: ['G9'],
  about: 'a stampede with one new credential',
  async run(bench) {
    const fusionAuth = await bench.fusionAuth({ delayMs: upstreamMs });
    const { url } = await guardAt(bench, fusionAuth.url, 5);
    const bursts = bench.quick ? 4 : 12;
    const connections = await openConnections(url, callers);
    const seen: { readonly asked: number; readonly p99Ms: number }[] = [];
    for (const request of guardedRequests(url, (await bench.tokens(bursts)).map(bearer))) {
      const before = fusionAuth.calls(introspectionPath);
      const { statuses, latenciesMs } = await burst(connections, request);
      if (statuses.get(200) !== callers) throw new Error('A good credential was not accepted');
      const asked = fusionAuth.calls(introspectionPath) - before;
      seen.push({ asked, p99Ms: percentile(latenciesMs, 0.99) });
      await pause(100);
    }
    connections.forEach((connection) => connection.close());
    // The first ones run code that is not compiled yet.
    const warmMs = seen.slice(Math.floor(bursts / 4)).map(({ p99Ms }) => rounded(p99Ms));
    const calls = Math.max(...seen.map(({ asked }) => asked));
    bench.note(`${calls} call for ${callers} requests, p99 ${warmMs.join(', ')} ms`);
    const figures = { calls, 'p99 / 20 ms of FusionAuth': median(warmMs) / upstreamMs };
    return { G9: { figures, detail: { p99Ms: warmMs } } };
  },
};
