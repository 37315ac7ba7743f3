import type { CellReader } from '../cells.js';
import type { Basis, Page } from '../fusionauth-documents.js';

export const verdicts = ['true', 'outdated', 'false', 'depends'] as const;
export type Verdict = (typeof verdicts)[number];

/** A fact about software that this project did not write, and the public pages that hold it. */
export interface Fact {
  readonly basis: Basis;
  readonly says: string;
  readonly pages: readonly Page[];
}

const fact =
  (basis: Basis) =>
  (says: string, ...pages: readonly Page[]): Fact => ({ basis, says, pages });

export const documented = fact('documented');
/** A fact from a thread of users. */
export const reported = fact('reported');
/** A conclusion from what the pages say. */
export const assumed = fact('assumed');

/** Tests of this project's own code. */
export interface Citation {
  readonly file: string;
  readonly modes?: readonly string[];
  readonly sentences: readonly string[];
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly because: string;
}

const judgement =
  (verdict: Verdict) =>
  (because: string): Judgement => ({ verdict, because });

export const isTrue = judgement('true');
export const isOutdated = judgement('outdated');
export const isFalse = judgement('false');
export const depends = judgement('depends');

/** Judges by the cells of a report. Throws NotMeasured where one is missing. */
export type Rule = (cells: CellReader) => Judgement;

/** A strength, a challenge, an answer or a piece of advice of the guide. */
export interface Claim {
  readonly id: string;
  readonly kind: 'strength' | 'challenge' | 'answer' | 'advice';
  readonly says: string;
  /** The software that the claim is about. FusionAuth's own behaviour is never judged by a run on the sandbox alone. */
  readonly about: 'gatehouse' | 'fusionauth';
  /** The basis of the verdict: a rule over cells, or the documents where there is nothing to measure. */
  readonly verdict: Rule | Judgement;
  readonly facts?: readonly Fact[];
  readonly tests?: readonly Citation[];
  /** A record in docs/decisions. */
  readonly decision?: string;
}

const contract = 'test/contract/sentences.ts';

export const holds = (modes: readonly string[], ...sentences: readonly string[]): Citation => ({
  file: contract,
  modes,
  sentences,
});
