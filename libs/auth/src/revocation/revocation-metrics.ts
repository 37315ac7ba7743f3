import { Counter, Gauge, type Registry } from '#gatehouse/platform';
import type { EventOutcome } from './received.js';
import type { Reconciliation } from './reconciliation.js';
import type { RevocationList } from './revocation-list.js';

/** Registers the metrics of push revocation. Ages are computed whenever the metrics are read. */
export function revocationMetrics(
  registry: Registry,
  { list, reconciler }: { readonly list: RevocationList; readonly reconciler: Pick<Reconciliation, 'age'> },
) {
  const registers = [registry];
  const events = new Counter({
    name: 'gatehouse_revocation_events_total',
    help: 'FusionAuth webhooks by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  new Gauge({
    name: 'gatehouse_revocations',
    help: 'Active revocations in this process.',
    registers,
    collect() {
      this.set(list.size);
    },
  });
  new Gauge({
    name: 'gatehouse_revocation_list_age_seconds',
    help: 'Time since the revocations of all replicas were read; +Inf until they are.',
    registers,
    collect() {
      this.set((list.age() ?? Infinity) / 1000);
    },
  });
  new Gauge({
    name: 'gatehouse_revocation_reconciled_age_seconds',
    help: 'Time since the log of FusionAuth’s events was read; NaN where FUSIONAUTH_API_KEY may not read it.',
    registers,
    collect() {
      this.set((reconciler.age() ?? NaN) / 1000);
    },
  });
  return { count: (outcome: EventOutcome): void => events.inc({ outcome }) };
}
