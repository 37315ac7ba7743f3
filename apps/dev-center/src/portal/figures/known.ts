import type { StrategyName } from '#gatehouse/auth';
import type { ComparisonRecord } from './record.js';

/** What pages tell of the ways to authenticate. */
export interface Known {
  /** What was measured; undefined where there is no record. */
  readonly record: () => ComparisonRecord | undefined;
  /** The strategies that the Todo API accepts; undefined where it does not say. */
  readonly strategiesOn: () => Promise<readonly StrategyName[] | undefined>;
}
