import type { Child } from '../../measure/src/child.js';
import { openConnections } from '../../measure/src/connection.js';
import { closedLoop, type Requests, requireAll200 } from '../../measure/src/load.js';
import type { Usage } from '../../measure/src/serve.js';
import { percentile } from '../../measure/src/statistics.js';

const connectionCount = 64;

/** One of the servers that are measured alternately. */
export interface Side {
  readonly child: Child;
  readonly requests: Requests;
  /** Requests that the guarded route must refuse with 401. */
  readonly bad?: Requests | undefined;
  /** Load before a round is measured, for caches that must be warm at that moment. */
  readonly settleMs?: number;
  /** Length of its rounds, where it differs from the others'. */
  readonly roundMs?: number;
}

export type Sides = Readonly<Record<string, Side>>;

export interface Round {
  /**
   * Microseconds of the server per request, all threads. The primary figure: a slow load generator cannot distort it.
   */
  readonly cpu: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  /** Share of the round in which the server did not wait for work. */
  readonly busy: number;
}

/**
 * Runs a round of load on one server, and checks before and after it that its guard accepts valid tokens and refuses
 * invalid ones.
 */
async function round(side: Side, roundMs: number, awake: boolean): Promise<Round> {
  await prove(side);
  const connections = await openConnections(side.child.url, connectionCount);
  if (side.settleMs) await closedLoop(connections, side.requests, side.settleMs, { awake });
  const before = await side.child.ask<Usage>('usage');
  const answers = await closedLoop(connections, side.requests, roundMs, { awake });
  const after = await side.child.ask<Usage>('usage');
  connections.forEach((connection) => connection.close());
  requireAll200(answers, side.child.url);
  await prove(side);
  const active = after.activeMs - before.activeMs;
  return {
    cpu: (after.cpuMicroseconds - before.cpuMicroseconds) / answers.answered,
    requestsPerSecond: answers.answered / answers.seconds,
    p99Ms: percentile(answers.latenciesMs, 0.99),
    busy: active / (active + after.idleMs - before.idleMs),
  };
}

async function prove({ child, requests, bad }: Side): Promise<void> {
  if (!bad) return;
  const [connection] = await openConnections(child.url, 1);
  const statuses = [await connection?.request(bad()), await connection?.request(requests())];
  connection?.close();
  if (statuses.join() !== '401,200') {
    throw new Error(
      `A bad and a good credential must be answered 401 and 200, not ${statuses.join(' and ')}`,
    );
  }
}

export interface Extent {
  readonly rounds: number;
  readonly roundMs: number;
  /** Load before the first round, until hot code is compiled. */
  readonly warmUpMs: number;
  /** Keeps the load generator awake: only where nothing that the servers wait for shares its core. */
  readonly awake?: boolean;
}

/**
 * Runs rounds in the order A B C, C B A, A B C …: the state of the machine affects all of them in the same way.
 * Resolves with the rounds of each side.
 */
export async function interleaved(
  sides: Sides,
  { rounds, roundMs, warmUpMs, awake = false }: Extent,
  note: (text: string) => void,
): Promise<Record<string, Round[]>> {
  const all = Object.entries(sides);
  const taken = Object.fromEntries(all.map(([name]) => [name, [] as Round[]]));
  for (const [name, side] of all) {
    note(`warming up ${name}`);
    await round(side, warmUpMs, awake);
  }
  for (let number = 1; number <= rounds; number += 1) {
    for (const [name, side] of number % 2 === 1 ? all : all.toReversed()) {
      const measured = await round(side, side.roundMs ?? roundMs, awake);
      taken[name]?.push(measured);
      note(`round ${number} of ${rounds}, ${name}: ${measured.cpu.toFixed(1)} µs`);
    }
  }
  return taken;
}

/**
 * Measures in alternation: A B C, A B C, …, so that the state of the machine affects all of them in the same way.
 * Resolves with the values of each, without those of the first turn, which compiles the code.
 */
export async function inTurns<Name extends string>(
  turns: number,
  measures: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measures) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const name of names) {
      const value = await measures[name]();
      if (turn > 0) values[name].push(value);
    }
  }
  return values;
}
