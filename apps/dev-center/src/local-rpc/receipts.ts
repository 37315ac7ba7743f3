import { randomUUID } from 'node:crypto';

/** How long a caller may take to store a secret. */
const storedWithinMs = 60_000;

/** Tracks secrets that are being handed over, until the caller reports whether they are stored. */
export class Receipts {
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();

  /**
   * Returns an id for the caller to answer with, and a promise of the answer. It rejects if storing failed, the
   * caller left, or it takes too long.
   */
  expect(callerLeft: AbortSignal): { readonly id: string; readonly arrival: Promise<void> } {
    const id = randomUUID();
    const waiting = Promise.withResolvers<void>();
    const fail = (why: string) => () => waiting.reject(new Error(why));
    const left = fail('the caller went away before it acknowledged the secret');
    const timer = setTimeout(fail('the caller did not acknowledge the secret'), storedWithinMs);
    if (callerLeft.aborted) left();
    else callerLeft.addEventListener('abort', left);
    this.#waiting.set(id, waiting);
    const arrival = waiting.promise.finally(() => {
      clearTimeout(timer);
      callerLeft.removeEventListener('abort', left);
      this.#waiting.delete(id);
    });
    return { id, arrival };
  }

  /** Records an answer; false for an id that nothing waits for. */
  arrived(id: string, failed: string | undefined): boolean {
    const waiting = this.#waiting.get(id);
    if (failed === undefined) waiting?.resolve();
    else waiting?.reject(new Error(failed));
    return waiting !== undefined;
  }
}
