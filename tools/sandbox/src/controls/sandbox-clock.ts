import type { Clock } from '#gatehouse/platform';

/** The sandbox's own time: another clock plus an offset that tests move. All instants in milliseconds. */
export class SandboxClock {
  #offset = 0;

  constructor(private readonly base: Clock) {}

  readonly now: Clock = () => this.base() + this.#offset;

  advance(milliseconds: number): void {
    this.#offset += milliseconds;
  }

  set(instant: number): void {
    this.#offset = instant - this.base();
  }

  reset(): void {
    this.#offset = 0;
  }
}
