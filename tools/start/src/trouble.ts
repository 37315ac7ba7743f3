/** Longer than an embedded database takes to initialise, which keeps the whole process busy. */
const patienceMilliseconds = 10_000;

/** Tells whoever watches what the parts warn of. */
export class Trouble {
  /** By text; nothing once it was shown. */
  #held: Map<string, NodeJS.Timeout | undefined> | undefined;

  constructor(
    private readonly show: (text: string) => void,
    private readonly patience = patienceMilliseconds,
  ) {}

  tell(text: string): void {
    if (!this.#held) {
      this.show(text);
    } else if (!this.#held.has(text)) {
      this.#held.set(
        text,
        setTimeout(() => this.#showHeld(text), this.patience),
      );
    }
  }

  /**
   * Runs `work`, in which parts may have to wait for each other: their warnings are shown when they last or when it
   * fails, and dropped when it succeeds.
   */
  async bearWith<T>(work: () => Promise<T>): Promise<T> {
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
