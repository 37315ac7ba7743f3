import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Experiment } from '../bench.js';
import { result } from '../goals.js';
import { Connection, getRequest } from '../load/connection.js';
import { steadily } from '../load/load.js';
import { percentile, rounded } from '../statistics.js';
import { apiKey, environmentOf } from './credentials.js';

/** Bogus credentials a second, each another, as long as no more than so many are unanswered. */
const rate = 2_000;
const inFlight = 900;
const upstream = 20;

/** A flood of credentials that FusionAuth must be asked about, from the address of one good client. */
export const flood: Experiment = {
  goals: ['G13'],
  about: 'a flood of bogus API keys beside one good client',
  tooLong: 'more credentials than are remembered, 11 s',
  async run(bench) {
    // More credentials than the 20,000 that are remembered.
    const ours = await withstand(bench, 'gatehouse', 11_000);
    const naive = await withstand(bench, 'naive', 4_000);
    const times = ours.p50 / ours.calmP50;
    const stillKnown = ours.callsForGood === 0;
    const met = times <= 2 && ours.p99 <= naive.p99 / 5 && stillKnown;
    return [result('G13', rounded(times), met, { stillKnown, ...ours, naive })];
  },
};

async function withstand(bench: Bench, guard: string, milliseconds: number) {
  const fusionAuth = await bench.fusionAuth({ delay: upstream });
  const environment = { ...environmentOf['api-key'], CREDENTIAL_CACHE_SECONDS: '60' };
  const { url } = await bench.target('nest', {
    guard,
    adapter: 'fastify',
    fusionAuthUrl: fusionAuth.url,
    environment,
  });
  const key = apiKey('good');
  const good = getRequest(url, '/guarded', key);
  const callsForGood = () => fusionAuth.ask<number>('callsOf', `/api/group ${key['X-API-Key']}`);
  await visit(url, good, 1_000);
  const calm = await visit(url, good, 1_500);
  const asked = await callsForGood();
  const bogus = () => getRequest(url, '/guarded', apiKey('bad'));
  const [refused, flooded] = await Promise.all([
    steadily({ url, requests: bogus, rate, inFlight, milliseconds }),
    visit(url, good, milliseconds),
  ]);
  if (refused.statuses.has(200)) throw new Error('A bogus credential was accepted');
  const seen = {
    calmP50: rounded(percentile(calm, 0.5)),
    calmP99: rounded(percentile(calm, 0.99)),
    p50: rounded(percentile(flooded, 0.5)),
    p99: rounded(percentile(flooded, 0.99)),
    max: rounded(Math.max(...flooded)),
    bogus: refused.answered,
    bogusStatuses: Object.fromEntries(refused.statuses),
    callsForGood: (await callsForGood()) - asked,
  };
  bench.note(
    `${guard}: p50 ${seen.calmP50} ms calm, ${seen.p50} ms in the flood of ${seen.bogus}, p99 ${seen.p99} ms`,
  );
  return seen;
}

/** One client that asks again 10 ms after each answer; milliseconds that it waited. */
async function visit(url: string, request: Buffer, milliseconds: number): Promise<readonly number[]> {
  const connection = await Connection.open(url);
  const waits: number[] = [];
  const began = performance.now();
  while (performance.now() - began < milliseconds) {
    const sent = performance.now();
    const status = await connection.request(request);
    if (status !== 200) throw new Error(`The good client was answered ${status}`);
    waits.push(performance.now() - sent);
    await pause(10);
  }
  connection.close();
  return waits;
}
