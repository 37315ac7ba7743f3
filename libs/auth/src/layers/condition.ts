import type { Clock, Logger } from '#gatehouse/platform';
import type { Check } from '../core/check.js';
import { upstreamOf } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';

export interface ConditionSettings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly name: string;
}

/** How FusionAuth treats a strategy: it gives no usable answer, or it refuses our own credentials. */
export type Trouble = 'silent' | 'refuses-us';

export interface Condition {
  /** What it was when FusionAuth was last asked; undefined when all was well or nobody asked for a minute. */
  readonly trouble: () => Trouble | undefined;
}

/** Without traffic nobody learns that the trouble is over. */
const memory = 60_000;

/** Watches what becomes of the questions to FusionAuth, and logs when trouble begins and ends. */
export function watchCondition<C>(
  inner: Check<C>,
  { clock, log, name }: ConditionSettings,
): Condition & { readonly check: Check<C> } {
  let trouble: Trouble | undefined;
  let seenAt = 0;
  const see = (verdict: Verdict): void => {
    const upstream = upstreamOf(verdict);
    if (upstream === 'not-asked') return;
    const now = upstream === 'answers' ? undefined : upstream;
    if (now && now !== trouble) log.error({ event: 'trouble', via: name, trouble: now }, sentences[now]);
    if (!now && trouble) log.info({ event: 'recovered', via: name, trouble }, 'FusionAuth answers again');
    [trouble, seenAt] = [now, clock()];
  };
  return {
    trouble: () => (clock() - seenAt < memory ? trouble : undefined),
    async check(credential, caller) {
      const verdict = await inner(credential, caller);
      see(verdict);
      return verdict;
    },
  };
}

/** For log and readiness. */
export const sentences: Readonly<Record<Trouble, string>> = {
  silent:
    'FusionAuth does not answer: credentials accepted shortly before go on for their grace, all others get 503',
  'refuses-us':
    'FusionAuth refuses our own credentials: check FUSIONAUTH_API_KEY, FUSIONAUTH_CLIENT_SECRET and FUSIONAUTH_PROBE_GROUP_ID',
};
