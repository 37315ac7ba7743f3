import { Counter, Gauge, type Registry } from '#gatehouse/platform';
import type { EventOutcome } from './received.js';
import type { RevocationList } from './revocation-list.js';

/** What an operator can watch of push revocation. Ages are read whenever the metrics are. */
export function revocationMetrics(registry: Registry, list: RevocationList) {
  const registers = [registry];
  const events = new Counter({
    name: 'gatehouse_revocation_events_total',
    help: 'Webhooks of FusionAuth by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  new Gauge({
    name: 'gatehouse_revocations',
    help: 'Revocations in force in this process.',
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
  return { count: (outcome: EventOutcome): void => events.inc({ outcome }) };
}
