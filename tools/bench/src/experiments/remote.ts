import { getRequest } from '../../../measure/src/connection.js';
import { atRandom } from '../../../measure/src/load.js';
import { paired, summary } from '../../../measure/src/statistics.js';
import type { Bench, Experiment } from '../bench.js';
import { medians } from '../compare.js';
import { interleaved, type Round, type Side } from '../rounds.js';
import { credentials, environmentOf, type RemoteStrategy } from './credentials.js';

const credentialCount = 1_000;

/**
 * Measures credentials that need a call to FusionAuth, with a cache time of one second. Judged by requests per second:
 * waiting costs no CPU. The rounds are long, because in the second of another server every cached credential would
 * expire.
 */
export const remote: Experiment = {
  goals: ['G7'],
  about: 'remote checks, trusted for 1 s',
  tokens: () => credentialCount,
  async run(bench) {
    const strategies = bench.quick
      ? (['introspection'] as const)
      : (['introspection', 'api-key', 'email-token'] as const);
    const measured = [];
    for (const strategy of strategies) {
      measured.push(...(await measure(bench, strategy)));
      await bench.closeAll();
    }
    if (measured.some(({ sides }) => sides.open.busy < 0.9))
      return { G7: { figures: {}, undecided: 'the open route waited for load', detail: { measured } } };
    const least = measured.map(({ delayMs, ofOpen }) => [`at ${delayMs} ms`, ofOpen.median] as const);
    const figures: Record<string, number> = {
      'times no cache': Math.min(...measured.map(({ ofNaive }) => ofNaive.median)),
    };
    for (const [figure, value] of least) figures[figure] = Math.min(value, figures[figure] ?? Infinity);
    return { G7: { figures, detail: { measured } } };
  },
};

async function measure(bench: Bench, strategy: RemoteStrategy) {
  const fusionAuth = await bench.fusionAuth();
  const sides = await start(bench, strategy, fusionAuth.url);
  const measured = [];
  for (const delayMs of bench.quick ? [5] : [5, 20]) {
    await fusionAuth.behave({ delayMs });
    bench.note(`${strategy} at ${delayMs} ms`);
    const extent = bench.quick
      ? { rounds: 1, roundMs: 500, warmUpMs: 500 }
      : { rounds: 3, roundMs: 1_500, warmUpMs: 1_500 };
    const { open = [], guarded = [], naive = [] } = await interleaved(sides, extent, bench.note);
    const speed = (rounds: readonly Round[]) => rounds.map(({ requestsPerSecond }) => requestsPerSecond);
    measured.push({
      strategy,
      delayMs,
      ofOpen: summary(paired(speed(guarded), speed(open))),
      ofNaive: summary(paired(speed(guarded), speed(naive))),
      sides: { open: medians(open), guarded: medians(guarded), naive: medians(naive) },
    });
  }
  return measured;
}

async function start(bench: Bench, strategy: RemoteStrategy, fusionAuthUrl: string) {
  const { good, bad } = await credentials(bench, strategy, credentialCount);
  const environment = { ...environmentOf[strategy], CREDENTIAL_CACHE_SECONDS: '1' };
  const nest = (guard: string) => bench.target('nest', { guard, fusionAuthUrl, environment });
  const [ours, naive] = [await nest('gatehouse'), await nest('naive')];
  const side = (child: typeof ours, path: string): Side => ({
    child,
    requests: atRandom(good.map((fields) => getRequest(child.url, path, fields))),
  });
  return {
    open: side(ours, '/open'),
    guarded: {
      ...side(ours, '/guarded'),
      settleMs: 1_000,
      roundMs: bench.quick ? 2_000 : 6_000,
      bad: () => getRequest(ours.url, '/guarded', bad()),
    },
    naive: side(naive, '/guarded'),
  };
}
