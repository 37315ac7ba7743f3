import type { Todo } from '#gatehouse/todo-contract';
import { deliverPlanned, type DeliveryParts } from './deliver.js';
import { dueWindow } from './due-window.js';
import type { RecoveryRule } from './ledger.js';
import type { MailableTodo, PlanningRepository } from './planning.repository.js';
import type { TodoClient } from './todo-client.js';

export interface RunParts extends DeliveryParts {
  readonly planning: PlanningRepository;
  readonly todos: TodoClient;
  readonly recovery: RecoveryRule;
  readonly windowHours: number;
  readonly minGapHours: number;
}

export interface RunReport {
  /** Open todos due in the window that was read. */
  readonly todosFound: number;
  readonly mailsSent: number;
  /** Mails that wait for another attempt, and those that this run gave up. */
  readonly failed: number;
  /** Mails of unknown fate that wait for somebody to decide. */
  readonly held: number;
  /** Todos that wait for their person's next digest. */
  readonly waiting: number;
  /** Todos that cannot be mailed, for their owner has no verified address. */
  readonly withoutAddress: number;
}

/**
 * One run: settle what dead workers left, read what is due, plan it, advance the watermark, send. Each step may be
 * the last one that a crash allows; the next run takes it from there. What was planned before is sent even when the
 * Todo API cannot be read; the reason why it could not is thrown afterwards.
 */
export async function run(parts: RunParts, signal: AbortSignal): Promise<RunReport> {
  await parts.ledger.recover(parts.recovery);
  const found = await findAndPlan(parts, signal).catch((error: unknown) => ({ error }));
  const delivered = await deliverPlanned(parts, signal);
  if ('error' in found) throw found.error;
  const outstanding = await parts.ledger.outstanding();
  return {
    ...found,
    mailsSent: delivered.sent,
    failed: outstanding.failed + delivered.dead,
    held: outstanding.unknown,
  };
}

async function findAndPlan(parts: RunParts, signal: AbortSignal) {
  const { planning, todos, clock, checkpoint } = parts;
  const now = clock();
  const window = dueWindow(await planning.lastCompleted(), now, parts.windowHours);
  let todosFound = 0;
  let withoutAddress = 0;
  for await (const page of todos.due(window, signal)) {
    const mailable = page.filter(isMailable);
    await planning.noteFound(mailable, now);
    todosFound += page.length;
    withoutAddress += page.length - mailable.length;
  }
  await checkpoint('after-find');
  const waiting = await planning.planDigests(now, {
    minGapHours: parts.minGapHours,
    messageIdDomain: parts.sender.address.split('@')[1] ?? 'localhost',
  });
  await checkpoint('after-plan');
  await planning.complete(now);
  await checkpoint('after-watermark');
  return { todosFound, withoutAddress, waiting };
}

/** One plain address: what a mail header or envelope could read as two, or as none, is nobody's. */
const oneAddress = /^[^\s<>()[\]\\,;:@"]+@[^\s<>()[\]\\,;:@"]+$/;

const isMailable = (todo: Todo): todo is Todo & MailableTodo =>
  todo.dueAt !== null && todo.owner.email !== null && oneAddress.test(todo.owner.email);
