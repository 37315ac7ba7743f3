import type { Ledger, RecoveryRule } from '../ledger/ledger.js';
import type { PlanningRepository } from '../ledger/planning.repository.js';
import type { TodoClient } from '../todos/todo-client.js';
import { deliverPlanned, type DeliveryParts } from './deliver.js';
import { findMailable } from './find-mailable.js';
import type { RunReport } from './run-report.js';

export interface RunParts extends DeliveryParts {
  readonly planning: PlanningRepository;
  readonly ledger: Ledger;
  readonly todos: Pick<TodoClient, 'due' | 'open'>;
  readonly recovery: RecoveryRule;
  readonly windowHours: number;
  readonly minGapHours: number;
  /** Right-hand side of Message-IDs. */
  readonly messageIdDomain: string;
}

/** A run of the schedule, which one of several workers does for all. */
export interface Turn {
  /** Says that the worker is still reading and planning. */
  renew(): Promise<void>;
  /** Everything found is planned; from here on every worker sends. */
  finish(): Promise<void>;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly turn?: Turn | undefined;
  /** The instant to run at instead of the present; milliseconds since the epoch. */
  readonly at?: number | undefined;
}

/**
 * One run: settle what dead workers left, read what is due, plan it, advance the watermark, send. Each step may be
 * the last one that a crash allows; the next run takes it from there. What was planned before is sent even when the
 * Todo API cannot be read; the reason why it could not is thrown afterwards.
 */
export async function run(parts: RunParts, options: RunOptions): Promise<RunReport> {
  await parts.ledger.recover(parts.recovery);
  const found = await findAndPlan(parts, options).catch((error: unknown) => ({ error }));
  parts.progress.toSend((await parts.ledger.figures()).waiting);
  const delivered = await deliverPlanned(parts, { ...options, unasked: 'error' in found });
  if ('error' in found) throw found.error;
  const outstanding = await parts.ledger.figures();
  return {
    ...found,
    mailsSent: delivered.sent,
    failed: outstanding.failed + delivered.dead,
    held: outstanding.unknown,
    leased: outstanding.leased,
    dropped: delivered.dropped,
  };
}

async function findAndPlan(parts: RunParts, { signal, turn, at }: RunOptions) {
  const { planning, checkpoint } = parts;
  const present = await parts.now();
  const now = at ?? present;
  const renew = () => turn?.renew() ?? Promise.resolve();
  const found = await findMailable(parts, now, signal, async (mailable) => {
    await planning.noteFound(mailable, now);
    await renew();
  });
  await checkpoint('after-find');
  const { minGapHours, messageIdDomain } = parts;
  // A run at an instant to come must not make the next ones skip what falls due until then, or keep it back.
  const doneAt = Math.min(now, present);
  const waiting = await planning.planDigests(now, { minGapHours, messageIdDomain, doneAt }, renew);
  await checkpoint('after-plan');
  await planning.complete(doneAt);
  await turn?.finish();
  await checkpoint('after-watermark');
  return { ...found, waiting };
}
