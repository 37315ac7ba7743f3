import { randomUUID } from 'node:crypto';

/** How long whoever asked may take to put a secret away, in milliseconds. */
const within = 60_000;

interface Waiting {
  readonly arrived: () => void;
  readonly failed: (error: Error) => void;
}

/** Secrets that are on their way, until the other side says what became of them. */
export class Receipts {
  readonly #waiting = new Map<string, Waiting>();

  /** An id for the other side to answer with, and the answer: rejects when it failed, is gone, or takes too long. */
  expect(gone: AbortSignal): { readonly id: string; readonly arrival: Promise<void> } {
    const id = randomUUID();
    const arrival = new Promise<void>((resolve, reject) => {
      const fail = (why: string) => () => reject(new Error(why));
      const timer = setTimeout(fail('nobody said that the secret was put away'), within);
      const left = fail('whoever asked for the secret went away');
      gone.addEventListener('abort', left, { once: true });
      this.#waiting.set(id, {
        arrived: () => {
          clearTimeout(timer);
          gone.removeEventListener('abort', left);
          resolve();
        },
        failed: reject,
      });
    });
    return { id, arrival: arrival.finally(() => this.#waiting.delete(id)) };
  }

  /** False for an id that nobody waits for. */
  arrived(id: string, failed: string | undefined): boolean {
    const waiting = this.#waiting.get(id);
    if (failed === undefined) waiting?.arrived();
    else waiting?.failed(new Error(failed));
    return waiting !== undefined;
  }
}
