import type { Operation } from '../operations/operation.js';
import { kinds } from './kinds.js';
import { singletonOperations } from './singletons.js';
import { storedOperationsOn } from './stored.js';

/** The operations on everything that is stored without effect. */
export const storedOperations: readonly Operation[] = [
  ...kinds.flatMap(storedOperationsOn),
  ...singletonOperations,
].map((one) => ({ ...one, inert: true as const }));
