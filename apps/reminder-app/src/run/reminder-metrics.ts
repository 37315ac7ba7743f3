import { Counter, Gauge, type Registry } from '#gatehouse/platform';
import type { Ledger, LedgerFigures } from '../ledger/ledger.js';

const gauges: readonly [keyof LedgerFigures, string, string][] = [
  ['waiting', 'reminder_mails_waiting', 'mails that are due'],
  ['lagSeconds', 'reminder_lag_seconds', 'how long the first due mail has been waiting'],
  ['failed', 'reminder_mails_failed', 'mails that wait for another attempt'],
  ['unknown', 'reminder_mails_unknown', 'mails whose delivery is unknown and needs a decision'],
  [
    'leased',
    'reminder_mails_leased',
    'mails that a worker holds; those of a dead worker until its lease expires',
  ],
  ['dead', 'reminder_mails_dead', 'mails that are refused permanently or given up'],
];

/** The metrics for a monitor. The gauges are read from the ledger at each request, and are NaN while it is down. */
export class ReminderMetrics {
  readonly sent: Counter;
  readonly lastRun: Gauge;
  readonly refusals: Gauge;

  constructor(registry: Registry, ledger: Pick<Ledger, 'figures'>) {
    const registers = [registry];
    const figures = shared(() => ledger.figures());
    for (const [figure, name, help] of gauges) {
      const read = () =>
        figures().then(
          ({ [figure]: value }) => value,
          () => NaN,
        );
      const gauge: Gauge = new Gauge({ name, help, registers, collect: async () => gauge.set(await read()) });
    }
    this.sent = new Counter({
      name: 'reminder_mails_sent_total',
      help: 'mails that the mail server accepted',
      registers,
    });
    this.lastRun = new Gauge({
      name: 'reminder_last_run_timestamp_seconds',
      help: 'when this worker last completed a run, in seconds since the epoch',
      registers,
    });
    this.refusals = new Gauge({
      name: 'reminder_credential_refusals',
      help: 'runs in a row whose credential was refused',
      registers,
    });
  }
}

/** Shares one call among all concurrent callers. */
function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined;
  return () => (pending ??= read().finally(() => (pending = undefined)));
}
