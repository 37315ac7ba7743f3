import type { Clock, Logger } from '#gatehouse/platform';
import type { Check } from '../core/authenticator.js';
import { upstreamOf } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';

/** The problem between a strategy and FusionAuth: it gives no usable answer, or it refuses our own credentials. */
export type Problem = 'silent' | 'refuses-us';

export interface Health {
  /** The most recent problem; undefined if the last call succeeded or is older than a minute. */
  readonly problem: () => Problem | undefined;
}

/** Without traffic nothing shows that a problem is over, so it is forgotten after this time. */
const memoryMs = 60_000;

/** Keeps the outcome of the last call to FusionAuth, and logs when a problem begins and ends. */
export function watchHealth<C>(
  inner: Check<C>,
  { clock, log, name: via }: { clock: Clock; log: Logger; name: string },
): Health & { readonly check: Check<C> } {
  let problem: Problem | undefined;
  let observedAt = 0;
  const observe = (verdict: Verdict): void => {
    const upstream = upstreamOf(verdict);
    if (upstream === 'not-asked') return;
    const now = upstream === 'answers' ? undefined : upstream;
    if (now && now !== problem) log.error({ event: 'trouble', via, trouble: now }, problemTexts[now]);
    if (!now && problem) log.info({ event: 'recovered', via, trouble: problem }, 'FusionAuth answers again');
    problem = now;
    observedAt = clock();
  };
  return {
    problem: () => (clock() - observedAt < memoryMs ? problem : undefined),
    async check(credential, caller) {
      const verdict = await inner(credential, caller);
      observe(verdict);
      return verdict;
    },
  };
}

/** Shown in the log and by readiness. */
export const problemTexts: Readonly<Record<Problem, string>> = {
  silent:
    'FusionAuth does not answer: credentials accepted before are accepted for the grace period, all others get 503',
  'refuses-us':
    'FusionAuth refuses our own credentials: check FUSIONAUTH_API_KEY, FUSIONAUTH_CLIENT_SECRET and FUSIONAUTH_PROBE_GROUP_ID',
};
