import type { Duplex } from 'node:stream';
import pg from 'pg';
import { exitCodes } from '#gatehouse/platform';
import { DatabaseProblem } from './database-problem.js';
import { poolerAdvice } from './operator-advice.js';

/** How long a caller may wait for the database before it gets an error. */
export const timeLimits = {
  /** For a connection: a new one, or a free one of the pool. */
  connectMs: 3_000,
  /** For a statement, enforced by the server. */
  statementMs: 5_000,
  /** For a server that stopped answering at all; above `statementMs`, so that the server's own word comes first. */
  answerMs: 6_000,
} as const;

/** What every session must be. A role or server whose time zone is not UTC would shift instants silently. */
export const sessionSettings = (schema: string): Record<string, string> => ({
  TimeZone: 'UTC',
  search_path: schema,
});

/** Besides, on a server, whose own settings are not ours: how long a statement may take, and the forms the driver reads. */
const serverSettings = (schema: string): Record<string, string> => ({
  ...sessionSettings(schema),
  statement_timeout: `${timeLimits.statementMs / 1000}s`,
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read committed',
});

/**
 * Makes each new connection of a pool ours before anybody uses it: by statements, since poolers refuse or drop start-up
 * parameters, and read back, since they may drop statements too. Throws {@link DatabaseProblem} 78 where a pooler shares
 * a session among connections.
 */
export class Sessions {
  readonly #settings: [string, string][];
  /** Whether the pooler in front, once there is one, was found to keep sessions apart. */
  #apart: Promise<void> | undefined;

  constructor(
    schema: string,
    private readonly connection: pg.ClientConfig,
    /** What to tell an operator whose pooler shares sessions. */
    private readonly advice = poolerAdvice,
  ) {
    this.#settings = Object.entries(serverSettings(schema));
  }

  async prepare(client: pg.ClientBase): Promise<void> {
    try {
      await this.#prepare(client);
    } catch (error) {
      hangUp(client);
      throw error;
    }
  }

  async #prepare(client: pg.ClientBase): Promise<void> {
    // A pooler makes up the process number that it announces: only PostgreSQL itself can announce its own.
    const announced = (client as { processID?: number }).processID;
    if ((await backendOf(client)) !== announced) await this.#apartOrThrow();
    const settings = this.#settings.map(([name, value]) => `set ${name} = '${value}'`);
    await client.query(settings.join(';'));
    const read = this.#settings.map(([name]) => `current_setting('${name}') as "${name}"`);
    const { rows } = await client.query<Record<string, string>>(`select ${read.join(', ')}`);
    for (const [name, value] of this.#settings) {
      if (rows[0]?.[name] !== value)
        throw shared(this.advice, `${name} is ${String(rows[0]?.[name])}, although it was set to ${value}`);
    }
  }

  /** Before anything is set: in a shared session our settings would be other clients' too. */
  async #apartOrThrow(): Promise<void> {
    this.#apart ??= keptApart(this.connection, this.advice);
    await this.#apart.catch((error: unknown) => {
      this.#apart = undefined;
      throw error;
    });
  }
}

/**
 * Two connections that take turns. With a session each they have one server process each, the same every time; where a
 * pooler hands out a server process for a transaction or a statement, the second gets the one the first has just left.
 */
async function keptApart(connection: pg.ClientConfig, advice: string): Promise<void> {
  const clients = [new pg.Client(connection), new pg.Client(connection)] as const;
  try {
    for (const client of clients) await client.on('error', () => undefined).connect();
    const [first, second] = [new Set<number>(), new Set<number>()];
    for (let turn = 0; turn < 5; turn += 1) {
      first.add(await backendOf(clients[0]));
      second.add(await backendOf(clients[1]));
    }
    const together = new Set([...first, ...second]);
    if (first.size > 1 || second.size > 1 || together.size < 2)
      throw shared(advice, 'two connections were served by one server process in turns');
    await Promise.all(clients.map((client) => client.end()));
  } catch (error) {
    clients.forEach(hangUp);
    throw error;
  }
}

async function backendOf(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

/** A polite goodbye would wait for a server that may have stopped answering. */
export function hangUp(client: pg.ClientBase): void {
  (client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
}

const shared = (advice: string, what: string) =>
  new DatabaseProblem(`${advice} (${what}).`, exitCodes.badConfiguration);
