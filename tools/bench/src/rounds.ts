import { openConnections } from './load/connection.js';
import { type Answers, closedLoop, type Requests } from './load/load.js';
import type { Child } from './processes/child.js';
import type { Usage } from './processes/in-child.js';
import { percentile } from './statistics.js';

const connectionCount = 64;

/** One of the servers that are measured in turns. */
export interface Side {
  readonly child: Child;
  readonly requests: Requests;
  /** What the guarded route must refuse with 401. */
  readonly bad?: Requests;
  /** Milliseconds of load before a round is measured, for what must be warm at that moment. */
  readonly settle?: number;
}

export interface Round {
  /** Primary: no load generator can fake it. Microseconds of the server, all threads. */
  readonly cpu: number;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Share of the round in which the server did not wait for work. */
  readonly busy: number;
}

/** A round of load on one server, between two proofs that its guard still tells good from bad. */
export async function round(side: Side, milliseconds: number): Promise<Round> {
  await prove(side);
  const connections = await openConnections(side.child.url, connectionCount);
  if (side.settle) await closedLoop(connections, side.requests, side.settle);
  const before = await side.child.ask<Usage>('usage');
  const answers = await closedLoop(connections, side.requests, milliseconds);
  const after = await side.child.ask<Usage>('usage');
  connections.forEach((connection) => connection.close());
  mustAllBe200(answers, side);
  await prove(side);
  const active = after.active - before.active;
  return {
    cpu: (after.cpuMicroseconds - before.cpuMicroseconds) / answers.answered,
    requestsPerSecond: answers.answered / answers.seconds,
    p99: percentile(answers.latencies, 0.99),
    busy: active / (active + after.idle - before.idle),
  };
}

async function prove({ child, requests, bad }: Side): Promise<void> {
  if (!bad) return;
  const [connection] = await openConnections(child.url, 1);
  const statuses = [await connection?.request(bad()), await connection?.request(requests())];
  connection?.close();
  if (statuses[0] !== 401 || statuses[1] !== 200) {
    throw new Error(
      `A bad and a good credential must be answered 401 and 200, not ${statuses.join(' and ')}`,
    );
  }
}

function mustAllBe200({ statuses, answered }: Answers, { child }: Side): void {
  if (statuses.get(200) === answered) return;
  const seen = [...statuses].map(([status, times]) => `${times} × ${status}`).join(', ');
  throw new Error(`${child.url} must answer 200 to everything, not ${seen}`);
}

export interface Extent {
  readonly rounds: number;
  readonly milliseconds: number;
  /** Milliseconds before the first round, until what is hot has been compiled. */
  readonly warmUp: number;
  readonly note: (text: string) => void;
}

/**
 * Rounds of A B C, C B A, A B C …: whatever the machine does, it does to all of them. Resolves with the rounds of each
 * side.
 */
export async function interleaved<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  { rounds, milliseconds, warmUp, note }: Extent,
): Promise<Record<Name, Round[]>> {
  const names = Object.keys(sides) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as Round[]])) as Record<Name, Round[]>;
  for (const name of names) {
    note(`warming up ${name}`);
    await round(sides[name], warmUp);
  }
  for (let number = 1; number <= rounds; number += 1) {
    for (const name of number % 2 === 1 ? names : names.toReversed()) {
      const measured = await round(sides[name], milliseconds);
      taken[name].push(measured);
      note(`round ${number} of ${rounds}, ${name}: ${measured.cpu.toFixed(1)} µs`);
    }
  }
  return taken;
}
