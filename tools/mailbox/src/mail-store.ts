import type { CaughtMail } from './caught-mail.js';

/** Receives each mail that arrives; undefined when mails were deleted. */
type Listener = (mail: CaughtMail | undefined) => void;

export interface StoreLimits {
  readonly mails: number;
  readonly bytes: number;
}

const defaults: StoreLimits = { mails: 500, bytes: 50 * 1024 * 1024 };

/** The newest mails, newest first; the oldest are dropped when either limit is exceeded. */
export class MailStore {
  #mails: readonly CaughtMail[] = [];
  readonly #listeners = new Set<Listener>();
  #bytes = 0;

  /** `onDrop` is called with the id of each mail that is dropped. */
  constructor(
    private readonly onDrop: (id: string) => void,
    private readonly limits = defaults,
  ) {}

  add(mail: CaughtMail): void {
    this.#mails = [mail, ...this.#mails];
    this.#bytes += mail.raw.length;
    while (this.#mails.length > this.limits.mails || this.#bytes > this.limits.bytes)
      this.#drop(this.#mails.slice(-1));
    this.#notify(mail);
  }

  /** Deletes the mails up to the one with this id, which may already have been dropped. */
  clear(throughId: number): void {
    this.#drop(this.#mails.filter(({ id }) => Number(id) <= throughId));
    this.#notify(undefined);
  }

  list(): readonly CaughtMail[] {
    return this.#mails;
  }

  get(id: string): CaughtMail | undefined {
    return this.#mails.find((mail) => mail.id === id);
  }

  /** Calls `listener` at every change until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #drop(dropped: readonly CaughtMail[]): void {
    this.#mails = this.#mails.filter((mail) => !dropped.includes(mail));
    for (const { id, raw } of dropped) {
      this.#bytes -= raw.length;
      this.onDrop(id);
    }
  }

  #notify(mail: CaughtMail | undefined): void {
    for (const listener of this.#listeners) listener(mail);
  }
}
