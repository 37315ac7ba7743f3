import type { Bench, Experiment } from '../bench.js';
import { medians, summary } from '../compare.js';
import { result } from '../goals.js';
import { getRequest } from '../load/connection.js';
import { type Child, stopChildren } from '../processes/child.js';
import { type Round, round, type Side } from '../rounds.js';
import { paired, rounded } from '../statistics.js';
import { atRandom, credentials, environmentOf, type RemoteStrategy, requestsOf } from './credentials.js';

const credentialCount = 1_000;
/** Milliseconds that the stand-in for FusionAuth takes, and the share of the open route's requests to be reached. */
const cases = [
  { delay: 5, atLeast: 0.85 },
  { delay: 20, atLeast: 0.7 },
];
const aheadOfNaive = 2.5;

/** Rounds, and milliseconds of a round of each side. */
const extent = {
  whole: { rounds: 3, open: 1_500, guarded: 6_000, naive: 1_500 },
  quick: { rounds: 1, open: 500, guarded: 2_000, naive: 500 },
};

type SideName = 'open' | 'guarded' | 'naive';

/**
 * Credentials that FusionAuth is asked about, trusted for a second. Judged by requests a second: waiting costs no CPU.
 * Long rounds, for in the second of another server everything remembered would be forgotten.
 */
export const remote: Experiment = {
  goals: ['G7'],
  about: 'remote checks, trusted for 1 s',
  tokens: () => credentialCount,
  async run(bench) {
    const measured = [];
    for (const strategy of strategiesOf(bench)) measured.push(...(await measure(bench, strategy)));
    const saturated = measured.every(({ sides }) => sides.open.busy >= 0.9);
    const met = measured.every(
      ({ open, naive, atLeast }) => open.median >= atLeast && naive.median >= aheadOfNaive,
    );
    const reasons = [
      ...(saturated ? [] : ['the open route waited for load']),
      ...(bench.quick ? ['--quick measures introspection at 5 ms only, for 2 s'] : []),
    ];
    const reason = reasons.length > 0 ? { reason: reasons.join('; ') } : {};
    const least = Math.min(...measured.filter(({ delay }) => delay === 5).map(({ open }) => open.median));
    return [result('G7', least, saturated ? met : null, { ...reason, measured })];
  },
};

const strategiesOf = ({ quick }: Bench): readonly RemoteStrategy[] =>
  quick ? ['introspection'] : ['introspection', 'api-key', 'email-token'];

async function measure(bench: Bench, strategy: RemoteStrategy) {
  const fusionAuth = await bench.fusionAuth();
  const sides = await start(bench, strategy, fusionAuth.url);
  const measured = [];
  for (const { delay, atLeast } of bench.quick ? cases.slice(0, 1) : cases) {
    await fusionAuth.ask('behave', { delay });
    const taken = await takeRounds(bench, sides);
    const speed = (name: SideName) => taken[name].map(({ requestsPerSecond }) => requestsPerSecond);
    const cpu = paired(cpuOf(taken.open), cpuOf(taken.guarded));
    measured.push({
      strategy,
      delay,
      atLeast,
      open: summary(paired(speed('guarded'), speed('open'))),
      naive: summary(paired(speed('guarded'), speed('naive'))),
      cpuRatio: rounded(cpu.median),
      sides: { open: medians(taken.open), guarded: medians(taken.guarded), naive: medians(taken.naive) },
    });
    const { open, guarded, naive } = measured.at(-1)?.sides ?? {};
    bench.note(
      `${strategy} at ${delay} ms, requests a second: ${open?.requestsPerSecond} open, ${guarded?.requestsPerSecond} guarded, ${naive?.requestsPerSecond} without cache`,
    );
  }
  await stopChildren();
  return measured;
}

async function start(
  bench: Bench,
  strategy: RemoteStrategy,
  fusionAuthUrl: string,
): Promise<Record<SideName, Side>> {
  const { good, bad } = await credentials(bench, strategy, credentialCount);
  const environment = { ...environmentOf[strategy], CREDENTIAL_CACHE_SECONDS: '1' };
  const nest = (guard: string) =>
    bench.target('nest', { guard, adapter: 'fastify', fusionAuthUrl, environment });
  const [ours, naive] = [await nest('gatehouse'), await nest('naive')];
  const requests = (child: Child, path: string) => atRandom(requestsOf(child.url, path, good));
  return {
    open: { child: ours, requests: requests(ours, '/open') },
    guarded: {
      child: ours,
      requests: requests(ours, '/guarded'),
      settle: 1_000,
      bad: () => getRequest(ours.url, '/guarded', bad()),
    },
    naive: { child: naive, requests: requests(naive, '/guarded') },
  };
}

async function takeRounds(
  { quick }: Bench,
  sides: Record<SideName, Side>,
): Promise<Record<SideName, Round[]>> {
  const { rounds, ...lengths } = quick ? extent.quick : extent.whole;
  const taken: Record<SideName, Round[]> = { open: [], guarded: [], naive: [] };
  const names = ['open', 'guarded', 'naive'] as const;
  for (const name of names) await round(sides[name], lengths.open);
  for (let number = 0; number < rounds; number += 1)
    for (const name of names) taken[name].push(await round(sides[name], lengths[name]));

  return taken;
}

const cpuOf = (rounds: readonly Round[]): number[] => rounds.map(({ cpu }) => cpu);
