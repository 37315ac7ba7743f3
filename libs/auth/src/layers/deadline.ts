import { unavailable } from '../core/failure.js';
import type { Check, CredentialStrategy, Verdict } from '../core/strategy.js';

/**
 * Gives a verification a signal that aborts after `milliseconds`, and answers `unavailable` by then even when the
 * verification ignores the signal. A caller is never kept waiting on FusionAuth.
 */
export function deadline<C>(
  strategy: CredentialStrategy<C>,
  settings: { readonly milliseconds: number },
): Check<C> {
  return (credential) => {
    const signal = AbortSignal.timeout(settings.milliseconds);
    const late = new Promise<Verdict>((resolve) => {
      signal.addEventListener('abort', () => resolve(unavailable(`${strategy.name} deadline`)), {
        once: true,
      });
    });
    return Promise.race([strategy.verify(credential, signal), late]);
  };
}
