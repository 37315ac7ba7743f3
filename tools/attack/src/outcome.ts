import type { HostileKind, LegalKind } from './corpus/kind.js';
import type { Answer } from './request.js';

/** `failed`: an answer of 500 or more, or none; `unclear`: one that neither admits nor refuses, 404 or 429 for example. */
export type Outcome = 'refused' | 'accepted' | 'failed' | 'unclear';

const refusals = [400, 401, 403];
/** What servers answer, before any guard, to a request that is too large. */
const tooLarge = [413, 414, 431];

/** What an answer to a hostile or a legal request amounts to; undefined stands for no answer. */
export function outcomeOf(answer: Answer | undefined, group?: HostileKind['group']): Outcome {
  if (!answer || answer.status >= 500) return 'failed';
  if (answer.status >= 200 && answer.status < 300) return 'accepted';
  const refused = refusals.includes(answer.status) || (group === 'size' && tooLarge.includes(answer.status));
  return refused ? 'refused' : 'unclear';
}

export interface Tried<K> {
  readonly kind: K;
  readonly answer: Answer | undefined;
  readonly outcome: Outcome;
  /** What was done to a good token, where the name does not say it. */
  readonly note: string | undefined;
}

export type TriedHostile = Tried<HostileKind>;
export type TriedLegal = Tried<LegalKind>;

export interface Results {
  readonly hostile: readonly TriedHostile[];
  readonly legal: readonly TriedLegal[];
  /** Addresses that only a token named and that the API nevertheless fetched. */
  readonly lured: readonly string[];
}

/** Nothing hostile was let through or left open, nothing legal refused. */
export const holds = ({ hostile, legal, lured }: Results): boolean =>
  hostile.every(({ outcome }) => outcome === 'refused') &&
  legal.every(({ outcome }) => outcome === 'accepted') &&
  lured.length === 0;
