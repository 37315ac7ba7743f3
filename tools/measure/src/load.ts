import { setTimeout as delay } from 'node:timers/promises';
import { Connection, openConnections } from './connection.js';

/** The result of a load. */
export interface Answers {
  readonly answered: number;
  readonly seconds: number;
  /** The number of answers by status; 0 means a connection that broke. */
  readonly statuses: ReadonlyMap<number, number>;
  /** From sending to the end of the answer, in the order of the answers. */
  readonly latenciesMs: readonly number[];
}

export type Requests = () => Buffer;

/** Returns the requests in order, and again from the first. */
export function inTurn(requests: readonly Buffer[]): Requests {
  let next = 0;
  return () => requests[next++ % requests.length] as Buffer;
}

/**
 * Returns the requests at random, as independent clients send them; in order, all would expire one after the other and
 * miss the cache together.
 */
export const atRandom =
  (requests: readonly Buffer[]): Requests =>
  () =>
    requests[Math.floor(Math.random() * requests.length)] as Buffer;

class Tally implements Answers {
  readonly statuses = new Map<number, number>();
  readonly latenciesMs: number[] = [];
  seconds = 0;
  readonly #began = performance.now();

  get answered(): number {
    return this.latenciesMs.length;
  }

  count(status: number, sentAt: number): void {
    this.latenciesMs.push(performance.now() - sentAt);
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }

  end(): this {
    this.seconds = (performance.now() - this.#began) / 1000;
    return this;
  }
}

/**
 * Sends as fast as the server answers: every connection sends its next request once the last is answered. `awake` keeps
 * this process from sleeping between answers, at the cost of its whole core. Otherwise each answer that comes while it
 * sleeps charges the server for waking it: up to 16 µs in a virtual machine, and more often the slower the server is.
 */
export async function closedLoop(
  connections: readonly Connection[],
  requests: Requests,
  durationMs: number,
  { awake = false } = {},
): Promise<Answers> {
  const tally = new Tally();
  let open = true;
  const keepSending = (connection: Connection): Promise<void> =>
    new Promise((resolve, reject) => {
      let sentAt = 0;
      const next = (): void => {
        sentAt = performance.now();
        connection.send(requests(), answered, reject);
      };
      const answered = (status: number): void => {
        tally.count(status, sentAt);
        if (open) next();
        else resolve();
      };
      next();
    });
  const all = Promise.all(connections.map(keepSending));
  const stayAwake = (): void => {
    if (open) setImmediate(stayAwake);
  };
  if (awake) stayAwake();
  await Promise.race([all, delay(durationMs)]);
  open = false;
  await all;
  return tally.end();
}

/** Throws where `server` answered anything but 200: its figures would be of something else. */
export function requireAll200({ statuses, answered }: Answers, server: string): void {
  if (statuses.get(200) === answered) return;
  const seen = [...statuses].map(([status, times]) => `${times} × ${status}`).join(', ');
  throw new Error(`${server} must answer 200 to everything, not ${seen}`);
}

/** Sends one request on each connection, all at the same moment. */
export async function burst(connections: readonly Connection[], request: Buffer): Promise<Answers> {
  const tally = new Tally();
  const sentAt = performance.now();
  await Promise.all(
    connections.map(async (connection) => tally.count(await connection.request(request), sentAt)),
  );
  return tally.end();
}

/** Sends each of the requests once, over sixteen connections. */
export async function sendEach(url: string, requests: readonly Buffer[]): Promise<void> {
  const connections = await openConnections(url, 16);
  // One shared iterator, so that each connection takes the next remaining request.
  const left = requests.values();
  await Promise.all(
    connections.map(async (connection) => {
      for (const request of left) await connection.request(request);
      connection.close();
    }),
  );
}

interface SteadyLoad {
  readonly url: string;
  readonly requests: Requests;
  /** Requests per second, whether or not the server keeps up … */
  readonly rate: number;
  /** … while no more than this are unanswered. */
  readonly inFlight: number;
  readonly durationMs: number;
}

/** Sends at a steady rate. A connection that breaks or is not answered by the end counts as status 0 and is closed. */
export async function steadily(load: SteadyLoad): Promise<Answers> {
  const { url, requests, rate, inFlight, durationMs } = load;
  const free = await openConnections(url, inFlight);
  const tally = new Tally();
  const busy = new Map<Connection, number>();
  const finish = (connection: Connection, status: number): void => {
    const sentAt = busy.get(connection);
    if (!busy.delete(connection)) return;
    tally.count(status, sentAt ?? NaN);
    if (status === 0) connection.close();
    else free.push(connection);
  };
  const began = performance.now();
  const elapsedMs = () => performance.now() - began;
  for (let offered = 0; elapsedMs() < durationMs; await delay(2)) {
    for (const due = (elapsedMs() * rate) / 1000; offered < due; offered += 1) {
      const connection = free.shift();
      if (!connection) continue;
      busy.set(connection, performance.now());
      connection.request(requests()).then(
        (status) => finish(connection, status),
        () => finish(connection, 0),
      );
    }
  }
  for (let waits = 0; busy.size > 0 && waits < 200; waits += 1) await delay(5);
  for (const connection of busy.keys()) finish(connection, 0);
  free.forEach((connection) => connection.close());
  return tally.end();
}

/** An answer to a request that was due at a certain moment. */
export interface Hit {
  /** The time at which the request was due, in milliseconds since the start of the load. */
  readonly dueMs: number;
  /** 0 where the connection broke, or no answer came in time. */
  readonly status: number;
  /** From the due time to the end of the answer. */
  readonly latencyMs: number;
}

/** The longest wait for an answer. */
const answerWithinMs = 5_000;

interface ScheduledLoad {
  readonly url: string;
  readonly requests: Requests;
  /** Requests per second, whether or not the server keeps up. */
  readonly rate: number;
  readonly durationMs: number;
  /** The limit of unanswered requests; those that are due meanwhile wait, and their wait counts. */
  readonly inFlight?: number;
}

/**
 * Sends at fixed times, and measures each latency from the time at which the request was due: a server that stalls is
 * charged for every request that waited (no coordinated omission). Resolves with all hits, by due time.
 */
export async function onSchedule(load: ScheduledLoad): Promise<readonly Hit[]> {
  const { url, requests, rate, durationMs, inFlight = 64 } = load;
  const total = Math.floor((rate * durationMs) / 1000);
  const hits: Hit[] = [];
  let next = 0;
  const began = performance.now();
  const sender = async (): Promise<void> => {
    let connection: Connection | undefined;
    for (let turn = next++; turn < total; turn = next++) {
      const dueMs = (turn * 1000) / rate;
      await until(began + dueMs);
      connection ??= await Connection.open(url).catch(() => undefined);
      const asked = connection?.request(requests()).catch(() => 0) ?? Promise.resolve(0);
      const status = await Promise.race([asked, delay(answerWithinMs, 0, { ref: false })]);
      hits.push({ dueMs, status, latencyMs: performance.now() - began - dueMs });
      if (status !== 0) continue;
      connection?.close();
      connection = undefined;
    }
    connection?.close();
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, total) }, sender));
  return hits.toSorted((one, other) => one.dueMs - other.dueMs);
}

/** Resolves at a time of `performance.now()`, more precisely than a timer alone. */
async function until(moment: number): Promise<void> {
  const left = moment - performance.now();
  if (left > 3) await delay(left - 2);
  while (performance.now() < moment) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Repeats a request, each time on a new connection, until it is accepted. Resolves with the milliseconds; Infinity at
 * the limit.
 */
export async function msUntilAccepted(url: string, requests: Requests, limitMs: number): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < limitMs) {
    const connection = await Connection.open(url);
    const asked = connection.request(requests()).catch(() => 0);
    const status = await Promise.race([asked, delay(500, 0)]);
    connection.close();
    if (status === 200) return Math.round(performance.now() - began);
    await delay(50);
  }
  return Infinity;
}
