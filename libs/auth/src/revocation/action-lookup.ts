import { LRUCache } from 'lru-cache';
import type { Clock, Logger } from '#gatehouse/platform';

const rememberedMs = 60_000;
/** A tenant has only a handful of actions. */
const maxActions = 1_000;

/** Reads an action; undefined if it does not exist. Rejects if FusionAuth does not answer or does not permit it. */
export type ReadAction = (
  actionId: string,
  signal: AbortSignal,
) => Promise<{ readonly preventsLogin: boolean } | undefined>;

/** Resolves with whether an action of FusionAuth prevents log-in; never rejects. */
export type ActionLookup = (actionId: string) => Promise<boolean>;

/**
 * Looks up in FusionAuth whether an action prevents log-in, which its event does not say, and caches the answer for a
 * minute. If FusionAuth does not say or does not permit the call, the action counts as one that does: a user who is
 * not locked can obtain a new token immediately.
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
        'an action of FusionAuth cannot be looked up: it counts as one that prevents log-in',
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
