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

  /** `forget` is called with the id of each mail that is dropped. */
  constructor(
    private readonly forget: (id: string) => void,
    private readonly limits = defaults,
  ) {}

  add(mail: CaughtMail): void {
    this.#mails = [mail, ...this.#mails];
    this.#bytes += mail.raw.length;
    while (this.#mails.length > this.limits.mails || this.#bytes > this.limits.bytes)
      this.#leave(this.#mails.slice(-1));
    this.#tell(mail);
  }

  /** Deletes the mails up to the one with this id, which may already have been dropped. */
  clear(throughId: number): void {
    this.#leave(this.#mails.filter(({ id }) => Number(id) <= throughId));
    this.#tell(undefined);
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

  #leave(leaving: readonly CaughtMail[]): void {
    this.#mails = this.#mails.filter((mail) => !leaving.includes(mail));
    for (const { id, raw } of leaving) {
      this.#bytes -= raw.length;
      this.forget(id);
    }
  }

  #tell(mail: CaughtMail | undefined): void {
    for (const listener of this.#listeners) listener(mail);
  }
}
