import type { HostileKind, LegalKind } from './corpus/kind.js';
import type { Answer } from './request.js';

/** `failed`: an answer of 500 or more, or none; `unclear`: one that neither admits nor refuses, 404 or 429 for example. */
export type Outcome = 'refused' | 'accepted' | 'failed' | 'unclear';

const refusals = [400, 401, 403];
/** Statuses that servers answer, before any guard, to a request that is too large. */
const tooLarge = [413, 414, 431];

/** Returns the outcome of an answer to a hostile or a legal request; undefined means no answer. */
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
  /** The change to a valid token, where the name does not say it. */
  readonly note: string | undefined;
}

export type TriedHostile = Tried<HostileKind>;
export type TriedLegal = Tried<LegalKind>;

export interface Results {
  readonly hostile: readonly TriedHostile[];
  readonly legal: readonly TriedLegal[];
  /** Addresses named only in a token that the API nevertheless requested. */
  readonly lured: readonly string[];
}

/** Returns whether no hostile request was accepted or left unclear, and no legal one refused. */
export const holds = ({ hostile, legal, lured }: Results): boolean =>
  hostile.every(({ outcome }) => outcome === 'refused') &&
  legal.every(({ outcome }) => outcome === 'accepted') &&
  lured.length === 0;
