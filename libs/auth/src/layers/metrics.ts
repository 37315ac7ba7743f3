import { Counter, Gauge, type Registry } from '#gatehouse/platform';
import type { Authenticate } from '../core/authenticator.js';
import { andThen } from '../core/awaitable.js';
import type { Health } from './health.js';

export type AuthMetrics = ReturnType<typeof authMetrics>;

/** Registers the metrics of the guard. Labels come from closed lists, never from a request. */
export function authMetrics(registry: Registry) {
  const registers = [registry];
  const outcomes = new Counter({
    name: 'gatehouse_authentications_total',
    help: 'Requests by strategy and outcome: accepted, or the kind of failure.',
    labelNames: ['via', 'outcome'],
    registers,
  });
  const increment = byLabels((via, outcome) => outcomes.labels({ via, outcome }));
  const graces = new Counter({
    name: 'gatehouse_graced_total',
    help: 'Requests accepted from the cache in the grace period, while FusionAuth could not be reached.',
    labelNames: ['via'],
    registers,
  });
  const watched = new Map<string, Health>();
  showHealth(watched, registry);
  return {
    /** Counts outcomes by strategy and kind. */
    count:
      (inner: Authenticate): Authenticate =>
      (request) =>
        andThen(inner(request), (outcome) => {
          const { verdict, via = 'none' } = outcome;
          increment(via, verdict.ok ? 'accepted' : verdict.failure.kind);
          return outcome;
        }),
    /** Counts an acceptance by grace. */
    graced: (via: string) => graces.inc({ via }),
    /** Reports the strategy's problem with FusionAuth, read whenever the metrics are. */
    watch: (via: string, health: Health) => void watched.set(via, health),
  };
}

function showHealth(watched: ReadonlyMap<string, Health>, registry: Registry): void {
  new Gauge({
    name: 'gatehouse_fusionauth_trouble',
    help: '1 while FusionAuth does not answer (silent) or refuses our own credentials (refuses-us).',
    labelNames: ['via', 'trouble'],
    registers: [registry],
    collect() {
      for (const [via, health] of watched) {
        for (const trouble of ['silent', 'refuses-us'] as const)
          this.set({ via, trouble }, health.problem() === trouble ? 1 : 0);
      }
    },
  });
}

/** Caches the counter of each pair of labels, because finding it costs more than counting. */
function byLabels(find: (via: string, outcome: string) => { inc(): void }) {
  const known = new Map<string, Map<string, { inc(): void }>>();
  return (via: string, outcome: string): void => {
    let ofVia = known.get(via);
    if (!ofVia) known.set(via, (ofVia = new Map<string, { inc(): void }>()));
    let counter = ofVia.get(outcome);
    if (!counter) ofVia.set(outcome, (counter = find(via, outcome)));
    counter.inc();
  };
}
