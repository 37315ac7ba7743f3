import { ExitError, type Logger } from '#gatehouse/platform';
import type { Ledger } from '../ledger/ledger.js';
import type { PlannedMail } from '../mail/digest.js';
import type { DueTodo, TodoClient } from '../todos/todo-client.js';

/** How long to wait, in milliseconds, before an unavailable API is called again. */
const afterOutageMs = 60_000;

interface ConfirmParts {
  readonly ledger: Pick<Ledger, 'drop'>;
  readonly todos: Pick<TodoClient, 'open'>;
  readonly now: () => Promise<number>;
  readonly log: Logger;
}

/**
 * Checks with the Todo API, just before held mails are sent, which of their todos are still open, due at the planned
 * instant and owned by the recipient. Other todos are dropped, and a mail with the last of them. While the API is
 * unavailable mails go out as planned, and it is called again a minute later: a superfluous reminder is better than
 * none.
 */
export class Confirmation {
  /** The number of todos dropped so far. */
  dropped = 0;
  /** When the API may be called next, in milliseconds since the epoch. */
  #callAt: number | undefined;

  /** `isDown`: the API is known to be unavailable now. */
  constructor(
    private readonly parts: ConfirmParts,
    private readonly isDown = false,
  ) {}

  async stillDue(mails: readonly PlannedMail[], signal: AbortSignal): Promise<PlannedMail[]> {
    const open = await this.#openTodos(mails, signal);
    if (!open) return [...mails];
    const confirmed: PlannedMail[] = [];
    for (const mail of mails) {
      const todos = mail.todos.filter(({ id, dueAt }) => isStillDue(open.get(id), dueAt, mail.recipient));
      const gone = mail.todos.filter((todo) => !todos.includes(todo));
      if (gone.length > 0) await this.#drop(mail, gone);
      if (todos.length > 0) confirmed.push({ ...mail, todos, total: mail.total - gone.length });
    }
    return confirmed;
  }

  async #openTodos(
    mails: readonly PlannedMail[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, DueTodo> | undefined> {
    const now = await this.parts.now();
    this.#callAt ??= this.isDown ? now + afterOutageMs : now;
    if (now < this.#callAt) return undefined;
    try {
      const ids = new Set(mails.flatMap(({ todos }) => todos.map(({ id }) => id)));
      const open = await this.parts.todos.open([...ids], signal);
      return new Map(open.map((todo) => [todo.id, todo]));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ExitError)) throw error;
      this.#callAt = (await this.parts.now()) + afterOutageMs;
      this.parts.log.warn(
        { reason: error.message },
        'mails are sent unconfirmed: the Todo API is unavailable',
      );
      return undefined;
    }
  }

  async #drop({ id, messageId }: PlannedMail, gone: PlannedMail['todos']): Promise<void> {
    await this.parts.ledger.drop(id, gone);
    this.dropped += gone.length;
    this.parts.log.info(
      { mail: id, messageId, todos: gone.length },
      'todos dropped: finished, deleted or rescheduled',
    );
  }
}

const isStillDue = (todo: DueTodo | undefined, dueAt: number, recipient: string): boolean =>
  Date.parse(todo?.dueAt ?? '') === dueAt && todo?.owner.email === recipient;
