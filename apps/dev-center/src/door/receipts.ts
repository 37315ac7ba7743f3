import { randomUUID } from 'node:crypto';

/** How long whoever asked may take to put a secret away, in milliseconds. */
const within = 60_000;

/** Secrets that are on their way, until the other side says what became of them. */
export class Receipts {
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();

  /** An id for the other side to answer with, and the answer: rejects when it failed, is gone, or takes too long. */
  expect(gone: AbortSignal): { readonly id: string; readonly arrival: Promise<void> } {
    const id = randomUUID();
    const waiting = Promise.withResolvers<void>();
    const fail = (why: string) => () => waiting.reject(new Error(why));
    const left = fail('whoever asked for the secret went away');
    const timer = setTimeout(fail('nobody said that the secret was put away'), within);
    if (gone.aborted) left();
    else gone.addEventListener('abort', left);
    this.#waiting.set(id, waiting);
    const arrival = waiting.promise.finally(() => {
      clearTimeout(timer);
      gone.removeEventListener('abort', left);
      this.#waiting.delete(id);
    });
    return { id, arrival };
  }

  /** False for an id that nobody waits for. */
  arrived(id: string, failed: string | undefined): boolean {
    const waiting = this.#waiting.get(id);
    if (failed === undefined) waiting?.resolve();
    else waiting?.reject(new Error(failed));
    return waiting !== undefined;
  }
}
