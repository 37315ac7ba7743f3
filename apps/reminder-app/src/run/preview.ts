import type { MailableTodo } from '../ledger/planning.repository.js';
import type { PlannedMail } from '../mail/digest.js';
import { isDigestDue } from './digest-rule.js';
import { findMailable } from './find-mailable.js';
import type { Unmailable } from './mailable.js';
import type { RunParts } from './run.js';

/** A mail that a run would send now. */
export type MailPreview = Pick<PlannedMail, 'recipient' | 'timeZone' | 'todos' | 'total'>;

export interface Preview extends Unmailable {
  readonly mails: readonly MailPreview[];
}

type PreviewParts = Pick<
  RunParts,
  'ledger' | 'planning' | 'todos' | 'now' | 'windowHours' | 'minGapHours' | 'progress'
>;

/**
 * Returns who would get which mail from a run at `at` (default: now): mails that wait since an earlier run, then new
 * ones, soonest due first. Reads the Todo API and the ledger like a run, and changes neither. Throws like a run.
 */
export async function previewRun(
  parts: PreviewParts,
  { signal, at }: { readonly signal: AbortSignal; readonly at?: number | undefined },
): Promise<Preview> {
  const now = at ?? (await parts.now());
  const people = new Map<string, MailableTodo[]>();
  const { todosFound: _, ...unmailable } = await findMailable(parts, now, signal, async (mailable) => {
    for (const todo of await parts.planning.unplanned(mailable)) {
      const earlier = people.get(todo.owner.email);
      if (earlier) earlier.push(todo);
      else people.set(todo.owner.email, [todo]);
    }
  });
  const known = await parts.planning.people([...people.keys()]);
  const due = [...people].filter(([recipient, todos]) => {
    const person = known.get(recipient);
    const dueDates = todos.map(({ dueAt }) => Date.parse(dueAt));
    return !person?.unsubscribed && isDigestDue(person?.last?.getTime(), dueDates, now, parts.minGapHours);
  });
  const planned = due
    .map(([recipient, todos]) => ({
      recipient,
      timeZone: todos.find(({ owner }) => owner.timeZone !== null)?.owner.timeZone ?? 'UTC',
      todos: todos.map(({ id, title, dueAt }) => ({ id, title, dueAt: Date.parse(dueAt) })),
      total: todos.length,
    }))
    .sort((one, other) => (one.todos[0]?.dueAt ?? 0) - (other.todos[0]?.dueAt ?? 0));
  return { mails: [...(await parts.ledger.waiting()), ...planned], ...unmailable };
}
