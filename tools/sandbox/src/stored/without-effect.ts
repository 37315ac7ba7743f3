import { runTypes } from '../operations/lambda.js';
import { defaultLambdaName } from '../state/empty-state.js';
import type { State } from '../state/state.js';
import { isShipped } from './kinds.js';
import { systemConfiguration } from './singletons.js';

/** Counts the stored things that have no effect, by the path of their kind. */
export function withoutEffect({ kept, lambdas }: State): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (path: string) => {
    counts[path] = (counts[path] ?? 0) + 1;
  };
  // CORS is the part of the system configuration that has an effect, so it is not counted.
  for (const { id, path } of kept.values())
    if (!isShipped(id) && path !== systemConfiguration.path) count(path);
  for (const { name, type } of lambdas.values())
    if (!runTypes.includes(type) && name !== defaultLambdaName(type)) count(`/api/lambda of type ${type}`);
  return counts;
}
