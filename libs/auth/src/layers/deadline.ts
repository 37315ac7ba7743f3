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
  return async (credential) => {
    const signal = AbortSignal.timeout(settings.milliseconds);
    const late = new Promise<Verdict>((resolve) => {
      signal.addEventListener('abort', () => resolve(unavailable(`${strategy.name} deadline`)), {
        once: true,
      });
    });
    return Promise.race([strategy.verify(credential, signal).catch(unanswered), late]);
  };
}

/** Everything else that is thrown is a fault of ours and travels on. */
function unanswered(error: unknown): Refusal {
  if (error instanceof FusionAuthUnavailable) return unavailable(error.operation, { cause: error });
  if (error instanceof FusionAuthRefusedUs) {
    return unavailable(error.operation, { blame: 'own-credentials', retryAfterSeconds: 30, cause: error });
  }
  throw error;
}
