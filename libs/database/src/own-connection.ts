import pg from 'pg';
import type { Secret } from '#gatehouse/platform';
import { DatabaseProblem, databaseProblem } from './database-problem.js';
import type { DatabaseName } from './open-database.js';
import { serverUrl } from './server-url.js';
import { hangUp, Sessions, timeLimits } from './session.js';

/** A connection outside the pool, for a long-lived session: LISTEN. */
export interface OwnConnection {
  readonly client: pg.Client;
  /**
   * Connects, and prepares the session. Rejects with a {@link DatabaseProblem} that names the setting, or with the
   * driver's error.
   */
  open(): Promise<void>;
  /** Closes it immediately, in any state, without a message to a server that may have stopped answering. */
  hangUp(): void;
}

interface OwnConnectionOptions {
  readonly name: DatabaseName;
  readonly url: Secret;
  /** The setting that contains `url`, for messages. */
  readonly setting: string;
  /** The advice for an operator whose pooler shares sessions. */
  readonly poolerAdvice: string;
  /** The longest wait for the answer to a statement, in milliseconds. */
  readonly answerMs: number;
}

/**
 * Returns a function that creates a separate connection to `url`, not yet opened. Throws {@link ExitError} 78 if
 * `url`, or a file that it names, cannot be read.
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
    // Checked for every connection: in a shared session LISTEN succeeds, but no notification ever arrives.
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

/** Rewrites a problem so that it names the setting of this connection. */
function saidOf(setting: string, error: unknown): unknown {
  if (error instanceof DatabaseProblem) return error;
  const problem = databaseProblem(error);
  if (!problem) return error;
  const message = problem.message.replaceAll('DATABASE_URL', setting);
  return new DatabaseProblem(message, problem.exitCode, { cause: error });
}
