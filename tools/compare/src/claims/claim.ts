import type { CellReader } from '../cells.js';

export const verdicts = ['true', 'outdated', 'false', 'depends'] as const;
export type Verdict = (typeof verdicts)[number];

/** A fact that FusionAuth documents. Section and tag are those of the collected facts about FusionAuth. */
export interface Fact {
  readonly section: string;
  readonly tag: string;
  readonly says: string;
}

/** Tests of this project's own code. */
export interface Citation {
  readonly file: string;
  readonly modes?: readonly string[];
  readonly sentences: readonly string[];
}

/** Documentation of other software, for a task that it leaves to its user. */
export interface Source {
  readonly title: string;
  readonly url: string;
  readonly says: string;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly because: string;
}

/** Judges by the cells of a report. Throws NotMeasured where one is missing. */
export type Rule = (cells: CellReader) => Judgement;

export const parts = {
  options: 'Your options',
  jwt: 'Your options: OAuth and JWTs',
  'api-key': 'Your options: FusionAuth API keys',
  'email-token': 'Your options: authentication tokens',
  considerations: 'Other considerations',
} as const;

/** A strength, a challenge, an answer or a piece of advice of the guide. */
export interface Claim {
  readonly id: string;
  readonly part: keyof typeof parts;
  readonly kind: 'strength' | 'challenge' | 'answer' | 'advice';
  readonly says: string;
  /** The software that the claim is about. FusionAuth's own behaviour is never judged by a run on the sandbox alone. */
  readonly about: 'gatehouse' | 'fusionauth';
  /** The basis of the verdict: a rule over cells, or the documents where there is nothing to measure. */
  readonly verdict: Rule | Judgement;
  readonly facts?: readonly Fact[];
  readonly tests?: readonly Citation[];
  readonly sources?: readonly Source[];
  /** A record in docs/decisions. */
  readonly decision?: string;
}

const contract = 'test/contract/sentences.ts';

export const holds = (modes: readonly string[], ...sentences: readonly string[]): Citation => ({
  file: contract,
  modes,
  sentences,
});
