/** One request that the sandbox received. */
export interface RequestEntry {
  /** Milliseconds since the epoch on the sandbox's clock. */
  readonly at: number;
  /** `GET /api/user` for example. */
  readonly operation: string;
  /** The path as it was asked for, without the query. */
  readonly path: string;
  /** Missing while no answer was sent, and for good after `hang`, `reset` or `lost`. */
  status?: number;
  milliseconds?: number;
}

const kept = 1000;

/** The last thousand requests, and how many there were of each operation since the last clearing. */
export class RequestLog {
  #entries: RequestEntry[] = [];
  readonly #counts = new Map<string, number>();

  open(entry: RequestEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > 2 * kept) this.#entries = this.#entries.slice(-kept);
    this.#counts.set(entry.operation, this.count(entry.operation) + 1);
  }

  /** Oldest first. */
  list(): readonly RequestEntry[] {
    return this.#entries.slice(-kept);
  }

  count(operation: string): number {
    return this.#counts.get(operation) ?? 0;
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  clear(): void {
    this.#entries = [];
    this.#counts.clear();
  }
}
