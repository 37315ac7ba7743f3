import { exitCodes, ExitError } from '#gatehouse/platform';
import { withClientLock } from '../clients/client-lock.js';
import type { CommandContext } from '../context.js';
import { settle } from './settle.js';

/** Settles every client that needs it. Never throws: the next call retries what failed. */
export async function sweep(context: CommandContext): Promise<void> {
  const { credentials, database, log } = context;
  try {
    for (const client of await credentials.unsettledClients()) {
      const { name } = client;
      await withClientLock(database, name, () => settle(context, client, 'dev-center')).catch(
        (error: unknown) => {
          // A command is working on the client, and settles it first.
          if (error instanceof ExitError && error.exitCode === exitCodes.workHeld) return;
          log.warn(
            { err: error, client: name },
            'the pending changes of a client could not be made; retrying',
          );
        },
      );
    }
  } catch (error) {
    log.warn({ err: error }, 'pending changes of credentials could not be read; retrying');
  }
}

const sweepEveryMs = 5_000;

/**
 * Sweeps now and every few seconds, one sweep at a time. The returned function stops it, and waits for a sweep in
 * progress.
 */
export function keepSweeping(context: CommandContext): () => Promise<void> {
  let current: Promise<void> | undefined;
  const next = () => {
    current ??= sweep(context).finally(() => (current = undefined));
  };
  next();
  const timer = setInterval(next, sweepEveryMs);
  return async () => {
    clearInterval(timer);
    await current;
  };
}
