import { FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { type Refusal, throttled } from '../../core/failure.js';
import type { Verdict } from '../../core/strategy.js';
import type { LoginAttempts } from './login-attempts.js';

/** FusionAuth locks a user at the fifth failed log-in within a minute; guessers must not be able to cause that. */
const refusalsAllowed = 3;
const windowSeconds = 60;

/**
 * Runs a log-in while the login id has attempts left, counted over all replicas; only refusals use them up. A pair
 * that succeeded within 24 h needs none, so that guessing cannot lock out the real client. The keys are hashes of the
 * credential.
 */
export async function withinBudget(
  memory: LoginAttempts,
  { pair, loginId }: { readonly pair: string; readonly loginId: string },
  logIn: () => Promise<Verdict>,
): Promise<Verdict | Refusal> {
  if (await memory.isKnownPair(pair)) {
    const verdict = await logIn();
    if (verdict.ok) await memory.rememberPair(pair);
    else if (verdict.failure.kind === 'rejected') await memory.forgetPair(pair);
    return verdict;
  }
  const attempt = await memory.takeAttempt(loginId, refusalsAllowed, windowSeconds);
  if ('waitSeconds' in attempt) return throttled(attempt.waitSeconds);
  const giveBack = () => memory.giveBack(loginId, attempt.taken);
  const verdict = await logIn().catch(async (error: unknown) => {
    // After a time-out FusionAuth may have counted the attempt; without a connection it cannot have.
    if (error instanceof FusionAuthUnavailable && !error.reached) await giveBack();
    throw error;
  });
  if (!verdict.ok) return verdict;
  await memory.rememberPair(pair);
  await giveBack();
  return verdict;
}
