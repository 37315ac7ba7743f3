import type { CaughtMail } from './caught-mail.js';

type Listener = (mail: CaughtMail) => void;

export interface StoreLimits {
  readonly mails: number;
  readonly bytes: number;
}

/** The newest mails in memory, newest first; the oldest leave when either limit is passed. */
export class MailStore {
  readonly #mails: CaughtMail[] = [];
  readonly #listeners = new Set<Listener>();
  #bytes = 0;

  constructor(private readonly limits: StoreLimits = { mails: 500, bytes: 50 * 1024 * 1024 }) {}

  add(mail: CaughtMail): void {
    this.#mails.unshift(mail);
    this.#bytes += mail.raw.length;
    while (this.#mails.length > this.limits.mails || this.#bytes > this.limits.bytes)
      this.#bytes -= this.#mails.pop()?.raw.length ?? 0;

    for (const listener of this.#listeners) listener(mail);
  }

  list(): readonly CaughtMail[] {
    return this.#mails;
  }

  get(id: string): CaughtMail | undefined {
    return this.#mails.find((mail) => mail.id === id);
  }

  /** Calls `listener` for every further mail until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
