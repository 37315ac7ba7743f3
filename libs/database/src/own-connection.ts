import pg from 'pg';
import type { Secret } from '#gatehouse/platform';
import { DatabaseProblem, databaseProblem } from './database-problem.js';
import type { DatabaseName } from './open-database.js';
import { serverUrl } from './server-url.js';
import { hangUp, Sessions, timeLimits } from './session.js';

/** A connection outside the pool, for what needs one session for long: LISTEN. */
export interface OwnConnection {
  readonly client: pg.Client;
  /**
   * Connects, and makes the session ours. Rejects with a {@link DatabaseProblem} that names the setting, or with the
   * driver's error.
   */
  open(): Promise<void>;
  /** Ends it at once, opening or open, without a word to a server that may have stopped answering. */
  hangUp(): void;
}

interface OwnConnectionOptions {
  readonly name: DatabaseName;
  readonly url: Secret;
  /** The setting that `url` comes from, for messages. */
  readonly setting: string;
  /** What to tell an operator whose pooler shares sessions. */
  readonly poolerAdvice: string;
  /** Milliseconds for the answer to a statement. */
  readonly answerMs: number;
}

/**
 * Returns a function that makes a connection of its own to `url`, not opened yet. Throws {@link ExitError} 78 when `url`, or
 * a file that it names, cannot be read.
 */
export function ownConnections(options: OwnConnectionOptions): () => OwnConnection {
  const { name, setting, poolerAdvice, answerMs } = options;
  const connection = {
    connectionString: serverUrl(options.url, setting).href,
    application_name: `gatehouse-${name}-listen`,
    keepAlive: true,
    connectionTimeoutMillis: timeLimits.connectMs,
    query_timeout: answerMs,
  };
  return () => {
    // Again each time: in a shared session LISTEN succeeds, and nothing is ever heard.
    const sessions = new Sessions(name, connection, poolerAdvice);
    const client = new pg.Client(connection).on('error', () => undefined);
    const open = async () => {
      try {
        await client.connect();
        await sessions.prepare(client);
      } catch (error) {
        throw saidOf(setting, error);
      }
    };
    return { client, open, hangUp: () => hangUp(client) };
  };
}

/** The same trouble, said of the setting that this connection comes from. */
function saidOf(setting: string, error: unknown): unknown {
  if (error instanceof DatabaseProblem) return error;
  const problem = databaseProblem(error);
  if (!problem) return error;
  const message = problem.message.replaceAll('DATABASE_URL', setting);
  return new DatabaseProblem(message, problem.exitCode, { cause: error });
}
