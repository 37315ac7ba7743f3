import { Pool } from 'undici';

/** A request to send. */
export interface Shot {
  /** The kind that decides which answers are expected. */
  readonly kind: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The result of a request. */
export interface Hit {
  readonly kind: string;
  /** When it was due, in `performance.now()`. */
  readonly at: number;
  /** 0 when there was no answer within five seconds. */
  readonly status: number;
  /** From the due time to the end of the answer. */
  readonly milliseconds: number;
}

const patience = 5_000;
const longest = 15 * 60_000;

/**
 * Sends a fixed number of requests per second, whether or not the earlier ones have been answered: a slow server gets
 * the same load. Stops by itself after a quarter of an hour.
 */
export class OpenLoop {
  readonly hits: Hit[] = [];
  readonly #pool: Pool;
  readonly #started = performance.now();
  readonly #open = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #sent = 0;

  constructor(
    url: string,
    private readonly perSecond: number,
    private readonly next: (turn: number) => Shot,
  ) {
    this.#pool = new Pool(url, { connections: 256 });
    this.#timer = setInterval(() => this.#sendDue(), 5);
  }

  /** Resolves with the results of all requests once the last answer has arrived. */
  async stop(): Promise<readonly Hit[]> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    await this.#pool.destroy();
    return this.hits;
  }

  #sendDue(): void {
    const elapsed = performance.now() - this.#started;
    if (elapsed > longest) clearInterval(this.#timer);
    for (; this.#sent < (elapsed / 1000) * this.perSecond; this.#sent += 1) {
      const due = this.#started + (this.#sent / this.perSecond) * 1000;
      const sending = this.#send(this.next(this.#sent), due).finally(() => this.#open.delete(sending));
      this.#open.add(sending);
    }
  }

  async #send({ kind, path, headers }: Shot, at: number): Promise<void> {
    const signal = AbortSignal.timeout(patience);
    const status = await this.#pool
      .request({ method: 'GET', path, headers, signal })
      .then(async (answer) => {
        await answer.body.dump();
        return answer.statusCode;
      })
      .catch(() => 0);
    this.hits.push({ kind, at, status, milliseconds: performance.now() - at });
  }
}

/** Returns the number of answers by status, as `200 × 17, 503 × 4`. */
export function tally(hits: readonly Hit[]): string {
  const counts = new Map<number, number>();
  for (const { status } of hits) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort(([left], [right]) => left - right)
    .map(([status, count]) => `${status} × ${count}`)
    .join(', ');
}

/** Returns the latency percentile in whole milliseconds; 0 where there are no hits. */
export function percentile(hits: readonly Hit[], percent: number): number {
  const sorted = hits.map(({ milliseconds }) => milliseconds).sort((left, right) => left - right);
  return Math.round(sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0);
}
