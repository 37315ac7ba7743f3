import type { Duplex } from 'node:stream';
import pg from 'pg';
import { exitCodes } from '#gatehouse/platform';
import { DatabaseProblem } from './database-problem.js';
import { poolerAdvice } from './operator-advice.js';

/** How long a caller may wait for the database before it gets an error, in milliseconds. */
export const timeLimits = {
  /** For a connection: a new one, or a free one of the pool. */
  connectMs: 3_000,
  /** For a statement, enforced by the server. */
  statementMs: 5_000,
  /** For a server that stopped answering; longer than `statementMs`, so that the server's own error comes first. */
  answerMs: 6_000,
} as const;

/**
 * Returns the settings that every session must have. A role or server whose time zone is not UTC would silently shift
 * instants.
 */
export const sessionSettings = (schema: string): Record<string, string> => ({
  TimeZone: 'UTC',
  search_path: schema,
});

/**
 * Returns further settings for a server, whose defaults we do not control: the statement timeout, and the formats
 * that the driver parses.
 */
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
 * Prepares each new connection of a pool before it is used. It sets parameters by statements, because poolers refuse
 * or drop start-up parameters, and reads them back, because poolers may drop statements too. Throws {@link
 * DatabaseProblem} 78 if a pooler shares a session among connections.
 */
export class Sessions {
  readonly #settings: [string, string][];
  /** The result of the check that the pooler, if there is one, gives each connection its own session. */
  #apart: Promise<void> | undefined;

  constructor(
    schema: string,
    private readonly connection: pg.ClientConfig,
    /** The advice for an operator whose pooler shares sessions. */
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
    // A pooler invents the process id that it announces; only PostgreSQL itself announces the real one.
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

  /** Checks this before anything is set: in a shared session our settings would apply to other clients too. */
  async #apartOrThrow(): Promise<void> {
    this.#apart ??= keptApart(this.connection, this.advice);
    await this.#apart.catch((error: unknown) => {
      this.#apart = undefined;
      throw error;
    });
  }
}

/**
 * Checks with two connections that take turns. If each has its own session, each keeps one server process; if a
 * pooler assigns server processes per transaction or statement, the second gets the process that the first has just
 * released.
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
      throw shared(advice, 'two connections were served alternately by one server process');
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

/** Closes the connection without the usual goodbye, which would wait for a server that may have stopped answering. */
export function hangUp(client: pg.ClientBase): void {
  (client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
}

const shared = (advice: string, what: string) =>
  new DatabaseProblem(`${advice} (${what}).`, exitCodes.badConfiguration);
