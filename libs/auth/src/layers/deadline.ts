import { FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { unavailable, type Refusal } from '../core/failure.js';
import type { Check, CredentialStrategy, Verdict } from '../core/strategy.js';

/**
 * The innermost layer of a remote strategy. Gives the verification a signal that aborts after `milliseconds`, answers
 * `unavailable` by then even when it ignores the signal, and turns FusionAuth's failures into `unavailable`.
 */
export function deadline<C>(
  strategy: CredentialStrategy<C>,
  settings: { readonly milliseconds: number },
): Check<C> {
  return async (credential, { screened }) => {
    // Not AbortSignal.timeout: that would fire after every call that ended long ago.
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Verdict>((resolve) => {
      timer = setTimeout(() => {
        controller.abort();
        resolve(unavailable(`${strategy.name} deadline`));
      }, settings.milliseconds);
    });
    const verdict = strategy.verify(credential, controller.signal, screened).catch((error: unknown) => {
      // Of several calls the others may still be under way.
      controller.abort();
      return unanswered(error);
    });
    return Promise.race([verdict, late]).finally(() => clearTimeout(timer));
  };
}

/** Everything else that is thrown is a fault of ours and travels on. */
function unanswered(error: unknown): Refusal {
  if (error instanceof FusionAuthUnavailable) {
    // FusionAuth is there and takes the question for wrong: no silence, and a caller may have caused it.
    const blame = error.status === 400 ? 'ourselves' : 'dependency';
    return unavailable(error.operation, { blame, cause: error });
  }
  if (error instanceof FusionAuthRefusedUs) {
    return unavailable(error.operation, { blame: 'own-credentials', retryAfterSeconds: 30, cause: error });
  }
  throw error;
}
