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

/** A tick of the schedule, which one of several workers runs for all. */
export interface Turn {
  /** Reports that the worker is still reading and planning. */
  renew(): Promise<void>;
  /** Reports that everything found is planned; from now on every worker sends. */
  finish(): Promise<void>;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly turn?: Turn | undefined;
}

/**
 * Makes one run: settle the mails of dead workers, read what is due, plan it, advance the watermark, send. A crash
 * may follow any step; the next run continues from there. Mails planned before are sent even if the Todo API cannot
 * be read; the error of reading is thrown afterwards.
 */
export async function run(parts: RunParts, options: RunOptions): Promise<RunReport> {
  await parts.ledger.recover(parts.recovery);
  const found = await findAndPlan(parts, options).catch((error: unknown) => ({ error }));
  parts.progress.toSend((await parts.ledger.figures()).waiting);
  const delivered = await deliverPlanned(parts, { ...options, isApiDown: 'error' in found });
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

async function findAndPlan(parts: RunParts, { signal, turn }: RunOptions) {
  const { planning, checkpoint } = parts;
  const now = await parts.now();
  const renew = () => turn?.renew() ?? Promise.resolve();
  const found = await findMailable(parts, now, signal, async (mailable) => {
    await planning.recordFound(mailable, now);
    await renew();
  });
  await checkpoint('after-find');
  const { minGapHours, messageIdDomain } = parts;
  const waiting = await planning.planDigests(now, { minGapHours, messageIdDomain }, renew);
  await checkpoint('after-plan');
  await planning.complete(now);
  await turn?.finish();
  await checkpoint('after-watermark');
  return { ...found, waiting };
}
