import { Counter, Gauge, type Registry } from '#gatehouse/platform';
import type { Authenticate } from '../core/authenticator.js';
import type { Condition } from './condition.js';

/** What an operator can watch. Labels come from closed lists, never from a request. */
export interface AuthMetrics {
  /** Counts outcomes by strategy and kind. */
  readonly count: (inner: Authenticate) => Authenticate;
  /** Counts an acceptance by grace. */
  readonly graced: (via: string) => void;
  /** Shows the strategy's trouble with FusionAuth, read whenever the metrics are. */
  readonly watch: (via: string, condition: Condition) => void;
}

export function authMetrics(registry: Registry): AuthMetrics {
  const registers = [registry];
  const outcomes = new Counter({
    name: 'gatehouse_authentications_total',
    help: 'Requests by strategy and outcome: accepted, or the kind of failure.',
    labelNames: ['via', 'outcome'],
    registers,
  });
  const graces = new Counter({
    name: 'gatehouse_graced_total',
    help: 'Requests accepted on what was known before, while FusionAuth could not be asked.',
    labelNames: ['via'],
    registers,
  });
  const conditions = new Map<string, Condition>();
  new Gauge({
    name: 'gatehouse_fusionauth_trouble',
    help: '1 while FusionAuth does not answer (silent) or refuses our own credentials (refuses-us).',
    labelNames: ['via', 'trouble'],
    registers,
    collect() {
      for (const [via, condition] of conditions) {
        for (const trouble of ['silent', 'refuses-us'] as const)
          this.set({ via, trouble }, condition.trouble() === trouble ? 1 : 0);
      }
    },
  });
  return {
    count: (inner) => async (request) => {
      const outcome = await inner(request);
      const { verdict } = outcome;
      outcomes.inc({ via: outcome.via ?? 'none', outcome: verdict.ok ? 'accepted' : verdict.failure.kind });
      return outcome;
    },
    graced: (via) => graces.inc({ via }),
    watch: (via, condition) => void conditions.set(via, condition),
  };
}
