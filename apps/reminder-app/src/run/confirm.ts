import { ExitError, type Logger } from '#gatehouse/platform';
import type { Ledger } from '../ledger/ledger.js';
import type { PlannedMail } from '../mail/digest.js';
import type { DueTodo, TodoClient } from '../todos/todo-client.js';

/** When an API that could not be asked is asked again. */
const afterSilenceMs = 60_000;

interface ConfirmParts {
  readonly ledger: Pick<Ledger, 'drop'>;
  readonly todos: Pick<TodoClient, 'open'>;
  readonly now: () => Promise<number>;
  readonly log: Logger;
}

/**
 * Asks the Todo API, just before held mails are sent, which of their todos are still open, due at the planned instant and
 * their recipient's. The others are dropped, and with the last of them the mail. While the API cannot be asked the mails
 * go out as they were planned, and it is asked again a minute later: a reminder too many is better than none.
 */
export class Confirmation {
  /** Todos dropped so far. */
  dropped = 0;
  /** When the API may be asked, in milliseconds since the epoch. */
  #askAt: number | undefined;

  /** `silent`: the API is known not to answer just now. */
  constructor(
    private readonly parts: ConfirmParts,
    private readonly silent = false,
  ) {}

  async stillDue(mails: readonly PlannedMail[], signal: AbortSignal): Promise<PlannedMail[]> {
    const open = await this.#ask(mails, signal);
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

  async #ask(
    mails: readonly PlannedMail[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, DueTodo> | undefined> {
    const now = await this.parts.now();
    this.#askAt ??= this.silent ? now + afterSilenceMs : now;
    if (now < this.#askAt) return undefined;
    try {
      const ids = new Set(mails.flatMap(({ todos }) => todos.map(({ id }) => id)));
      const open = await this.parts.todos.open([...ids], signal);
      return new Map(open.map((todo) => [todo.id, todo]));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ExitError)) throw error;
      this.#askAt = (await this.parts.now()) + afterSilenceMs;
      this.parts.log.warn(
        { reason: error.message },
        'mails go out unconfirmed: their todos cannot be asked for',
      );
      return undefined;
    }
  }

  async #drop({ id, messageId }: PlannedMail, gone: PlannedMail['todos']): Promise<void> {
    await this.parts.ledger.drop(id, gone);
    this.dropped += gone.length;
    this.parts.log.info({ mail: id, messageId, todos: gone.length }, 'dropped: finished, deleted or moved');
  }
}

const isStillDue = (todo: DueTodo | undefined, dueAt: number, recipient: string): boolean =>
  Date.parse(todo?.dueAt ?? '') === dueAt && todo?.owner.email === recipient;
