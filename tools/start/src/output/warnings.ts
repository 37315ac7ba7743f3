/** Longer than the initialization of an embedded database, which keeps the whole process busy. */
const holdMs = 10_000;

/** Shows the warnings of the apps to the operator. */
export class Warnings {
  /** The timer of each delayed text; undefined once the text was shown. */
  #held: Map<string, NodeJS.Timeout | undefined> | undefined;

  constructor(
    private readonly show: (text: string) => void,
    private readonly longestMs = holdMs,
  ) {}

  add(text: string): void {
    if (!this.#held) {
      this.show(text);
    } else if (!this.#held.has(text)) {
      this.#held.set(
        text,
        setTimeout(() => this.#showHeld(text), this.longestMs),
      );
    }
  }

  /**
   * Runs `work`, in which apps may have to wait for each other: their warnings are shown when they persist or when it
   * fails, and dropped when it succeeds.
   */
  async holdDuring<T>(work: () => Promise<T>): Promise<T> {
    const held = (this.#held = new Map<string, NodeJS.Timeout | undefined>());
    try {
      return await work();
    } catch (error) {
      for (const text of held.keys()) this.#showHeld(text);
      throw error;
    } finally {
      for (const timer of held.values()) clearTimeout(timer);
      this.#held = undefined;
    }
  }

  #showHeld(text: string): void {
    if (this.#held?.get(text) === undefined) return;
    this.#held.set(text, undefined);
    this.show(text);
  }
}
