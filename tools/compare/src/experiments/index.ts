import type { Experiment } from '../experiment.js';
import { calls } from './calls.js';

/** What runs at one time: first what measures CPU time, alone, then what mostly waits, side by side. */
export const stages: readonly (readonly Experiment[])[] = [[calls]];
