import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, openConnections } from './connection.js';

/** What came of a load. */
export interface Answers {
  readonly answered: number;
  readonly seconds: number;
  /** How often each status was answered; 0 stands for a connection that broke. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Milliseconds from sending to the end of the answer, in the order of the answers. */
  readonly latencies: readonly number[];
}

export type Requests = () => Buffer;

class Tally implements Answers {
  readonly statuses = new Map<number, number>();
  readonly latencies: number[] = [];
  seconds = 0;
  readonly #began = performance.now();

  get answered(): number {
    return this.latencies.length;
  }

  count(status: number, sent: number): void {
    this.latencies.push(performance.now() - sent);
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }

  end(): this {
    this.seconds = (performance.now() - this.#began) / 1000;
    return this;
  }
}

/** As fast as the server answers: every connection sends its next request once the last is answered. */
export async function closedLoop(
  connections: readonly Connection[],
  requests: Requests,
  milliseconds: number,
): Promise<Answers> {
  const tally = new Tally();
  let open = true;
  const keepSending = (connection: Connection): Promise<void> =>
    new Promise((resolve, reject) => {
      let sent = 0;
      const next = (): void => {
        sent = performance.now();
        connection.send(requests(), answered, reject);
      };
      const answered = (status: number): void => {
        tally.count(status, sent);
        if (open) next();
        else resolve();
      };
      next();
    });
  const all = Promise.all(connections.map(keepSending));
  await Promise.race([all, delay(milliseconds)]);
  open = false;
  await all;
  return tally.end();
}

/** One request on each connection, all at the same moment. */
export async function burst(connections: readonly Connection[], request: Buffer): Promise<Answers> {
  const tally = new Tally();
  const sent = performance.now();
  await Promise.all(
    connections.map(async (connection) => tally.count(await connection.request(request), sent)),
  );
  return tally.end();
}

export interface SteadySettings {
  readonly url: string;
  readonly requests: Requests;
  /** Requests a second, whether or not the server keeps up … */
  readonly rate: number;
  /** … as long as no more than this are unanswered. */
  readonly inFlight: number;
  readonly milliseconds: number;
  /** Called at each answer, with milliseconds since the beginning. */
  readonly onAnswer?: (status: number, sentAt: number, took: number) => void;
}

/** At a steady rate. A connection that breaks or is not answered by the end counts as status 0 and is closed. */
export async function steadily(settings: SteadySettings): Promise<Answers> {
  const { url, requests, rate, inFlight, milliseconds, onAnswer } = settings;
  const free = await openConnections(url, inFlight);
  const tally = new Tally();
  const busy = new Map<Connection, number>();
  const began = performance.now();
  const finish = (connection: Connection, status: number): void => {
    const sent = busy.get(connection);
    if (sent === undefined) return;
    busy.delete(connection);
    tally.count(status, sent);
    onAnswer?.(status, sent - began, performance.now() - sent);
    if (status === 0) connection.close();
    else free.push(connection);
  };
  let offered = 0;
  while (performance.now() - began < milliseconds) {
    for (const due = ((performance.now() - began) * rate) / 1000; offered < due; offered += 1) {
      const connection = free.shift();
      if (!connection) continue;
      busy.set(connection, performance.now());
      connection.send(
        requests(),
        (status) => finish(connection, status),
        () => finish(connection, 0),
      );
    }
    await delay(2);
  }
  await Promise.race([untilEmpty(busy), delay(1_000)]);
  for (const connection of busy.keys()) finish(connection, 0);
  free.forEach((connection) => connection.close());
  return tally.end();
}

async function untilEmpty(busy: ReadonlyMap<unknown, unknown>): Promise<void> {
  while (busy.size > 0) await delay(5);
}
