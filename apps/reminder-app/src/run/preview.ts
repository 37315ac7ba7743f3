import type { MailableTodo } from '../ledger/planning.repository.js';
import type { PlannedMail } from '../mail/digest.js';
import { isDigestDue } from './digest-rule.js';
import { dueWindow } from './due-window.js';
import { noneUnmailable, sortByAddress, type Unmailable } from './mailable.js';
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
 * Who would get what from a run at `at` (default: now): mails that wait since an earlier run, then new ones, soonest due
 * first. Reads the Todo API and the ledger as a run does, and changes neither. Throws as a run does.
 */
export async function previewRun(
  parts: PreviewParts,
  { signal, at }: { readonly signal: AbortSignal; readonly at?: number | undefined },
): Promise<Preview> {
  const now = at ?? (await parts.now());
  const { people, unmailable } = await waitingPeople(parts, now, signal);
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

/** Everybody with todos that are in no mail yet, in the order in which they fall due; and how many cannot be mailed. */
async function waitingPeople(
  { planning, todos, windowHours, progress }: PreviewParts,
  now: number,
  signal: AbortSignal,
) {
  const people = new Map<string, MailableTodo[]>();
  const window = dueWindow(await planning.lastCompleted(), now, windowHours);
  let unmailable = noneUnmailable;
  let found = 0;
  for await (const page of todos.due(window, signal)) {
    const { mailable, ...counts } = sortByAddress(page, unmailable);
    unmailable = counts;
    for (const todo of await planning.unplanned(mailable)) {
      const known = people.get(todo.owner.email);
      if (known) known.push(todo);
      else people.set(todo.owner.email, [todo]);
    }
    progress.found((found += page.length));
  }
  return { people, unmailable };
}
