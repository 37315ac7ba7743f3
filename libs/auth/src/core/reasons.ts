import { type Forbidden, forbidden, type Refusal, rejected } from './failure.js';

/**
 * The reasons for which a strategy refuses, by the step that refuses, in the order of the steps: `{ times: { expired:
 * 'it has expired …' } }`. The names go to the log, the texts to operators; callers see neither.
 */
export type Reasons = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The names of all reasons in `R`. */
export type ReasonOf<R extends Reasons> = { [Step in keyof R]: keyof R[Step] & string }[keyof R];

/**
 * Returns `rejected` and `forbidden` that take the reasons of one strategy only: a reason without a text does not
 * compile.
 */
export const refusalsFor = <R extends Reasons>(_reasons: R) => ({
  rejected: (reason: ReasonOf<R>): Refusal => rejected(reason),
  forbidden: (reason: ReasonOf<R>, because: Pick<Forbidden, 'roles' | 'code'> = {}): Refusal =>
    forbidden(reason, because),
});

/** Explains each of `names`, prefixed, with the same text. */
export const each = <P extends string, N extends string>(prefix: P, names: readonly N[], text: string) =>
  Object.fromEntries(names.map((name) => [`${prefix}${name}`, text])) as Record<`${P}${N}`, string>;

/** Returns the step at which a reason refuses and its text; undefined for an unknown reason. */
export function explain(reasons: Reasons, reason: string): { step: string; text: string } | undefined {
  for (const [step, texts] of Object.entries(reasons)) {
    const text = Object.hasOwn(texts, reason) ? texts[reason] : undefined;
    if (text !== undefined) return { step, text };
  }
  return undefined;
}
