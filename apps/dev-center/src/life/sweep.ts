import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Center } from '../center.js';
import { oneAtATime } from '../clients/one-at-a-time.js';
import { settle } from './settle.js';

const actor = 'dev-center';

/** Settles every client of which something is left to be done. Never throws: what fails is tried again by the next call. */
export async function sweep(center: Center): Promise<void> {
  try {
    for (const client of await center.store().credentials.unsettled()) {
      await oneAtATime(center.database(), client.name, () => settle(center, client, actor)).catch(
        (error: unknown) => complain(center, client.name, error),
      );
    }
  } catch (error) {
    center.log.warn({ err: error }, 'credentials not looked through; tried again');
  }
}

function complain(center: Center, client: string, error: unknown): void {
  // Somebody is at it: then there is nothing to do for us.
  if (error instanceof ExitError && error.exitCode === exitCodes.workHeld) return;
  center.log.warn({ err: error, client }, 'what is due for a client is not done; tried again');
}

const sweepEvery = 5_000;

/** Sweeps now and every few seconds, one sweep at a time, until the returned function is called. */
export function keepSweeping(center: Center): () => Promise<void> {
  let current = sweep(center);
  let busy = true;
  const settled = () => (busy = false);
  void current.then(settled);
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    current = sweep(center);
    void current.then(settled);
  }, sweepEvery);
  return async () => {
    clearInterval(timer);
    await current;
  };
}
