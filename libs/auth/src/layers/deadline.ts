import { FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import type { Check } from '../core/authenticator.js';
import { type Refusal, unavailable } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';

/** A call to FusionAuth about a credential; stops when the signal aborts. */
export type Ask<C> = (credential: C, signal: AbortSignal) => Promise<Verdict>;

/**
 * The innermost layer, around the call to FusionAuth. Gives it a signal that aborts after `deadlineMs`, returns
 * `unavailable` by then even if the call ignores the signal, and turns FusionAuth's failures into `unavailable`.
 */
export function deadline<C>(
  ask: Ask<C>,
  { name, deadlineMs }: { name: string; deadlineMs: number },
): Check<C> {
  return async (credential) => {
    // Not AbortSignal.timeout, which would fire even after the call has finished.
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Verdict>((resolve) => {
      timer = setTimeout(() => {
        controller.abort();
        resolve(unavailable(`${name} deadline`));
      }, deadlineMs);
    });
    const verdict = ask(credential, controller.signal).catch((error: unknown) => {
      // If there are several calls, the others may still be running.
      controller.abort();
      return unanswered(error);
    });
    return Promise.race([verdict, late]).finally(() => clearTimeout(timer));
  };
}

/** Maps an error of FusionAuth to `unavailable`; any other error is a bug of ours and is rethrown. */
function unanswered(error: unknown): Refusal {
  if (error instanceof FusionAuthUnavailable) {
    // FusionAuth is up but rejects the request: this is not an outage, and a caller may have caused it.
    const blame = error.status === 400 ? 'ourselves' : 'dependency';
    return unavailable(error.operation, { blame, cause: error });
  }
  if (error instanceof FusionAuthRefusedUs)
    return unavailable(error.operation, { blame: 'own-credentials', retryAfterSeconds: 30, cause: error });

  throw error;
}
