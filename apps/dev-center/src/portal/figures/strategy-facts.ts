import type { StrategyName } from '#gatehouse/auth';
import type { ComparisonRecord } from './record.js';

/** The facts about the ways to authenticate that pages show. */
export interface StrategyFacts {
  /** The measured figures; undefined if there is no record. */
  readonly record: () => ComparisonRecord | undefined;
  /** Returns the strategies that the Todo API accepts; undefined if it does not say. */
  readonly strategiesOn: () => Promise<readonly StrategyName[] | undefined>;
}
