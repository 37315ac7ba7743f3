import { LRUCache } from 'lru-cache';
import type { Clock, Logger } from '#gatehouse/platform';

const rememberedMs = 60_000;
/** A tenant has a handful. */
const maxActions = 1_000;

/** Reads an action; undefined where there is none, rejects where FusionAuth does not answer or does not let us. */
export type ReadAction = (
  actionId: string,
  signal: AbortSignal,
) => Promise<{ readonly preventsLogin: boolean } | undefined>;

/** Resolves with whether an action of FusionAuth prevents log-in; never rejects. */
export type ActionLookup = (actionId: string) => Promise<boolean>;

/**
 * Asks FusionAuth what an action does, which its event does not say, and remembers the answer for a minute. Where FusionAuth
 * does not say it, or does not let us ask, the action counts as one that prevents log-in: a user who is not locked obtains a
 * new token at once.
 */
export function actionLookup(
  read: ReadAction,
  { clock, log, deadlineMs }: { readonly clock: Clock; readonly log: Logger; readonly deadlineMs: number },
): ActionLookup {
  const remembered = new LRUCache<string, { readonly answer: Promise<boolean>; readonly until: number }>({
    max: maxActions,
  });
  const ask = async (actionId: string): Promise<boolean> => {
    try {
      const action = await read(actionId, AbortSignal.timeout(deadlineMs));
      return action?.preventsLogin ?? true;
    } catch (error) {
      log.info(
        { err: error, actionId },
        'what an action of FusionAuth does cannot be looked up: it counts as one that prevents log-in',
      );
      return true;
    }
  };
  return (actionId) => {
    const known = remembered.get(actionId);
    if (known && clock() < known.until) return known.answer;
    const answer = ask(actionId);
    remembered.set(actionId, { answer, until: clock() + rememberedMs });
    return answer;
  };
}
