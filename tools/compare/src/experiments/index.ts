import type { Experiment } from '../experiment.js';
import { blastRadius } from './blast-radius/blast-radius.js';
import { calls } from './calls.js';
import { clients } from './clients/clients.js';
import { cost } from './cost/cost.js';
import { lag } from './lag/lag.js';
import { migration } from './migration.js';
import { outage } from './outage/outage.js';
import { setUp } from './set-up/set-up.js';
import { tenants } from './tenants.js';

/**
 * The experiments that run together: first those that measure CPU time, alone, then those that mostly wait, in
 * parallel.
 */
export const stages: readonly (readonly Experiment[])[] = [
  [cost],
  [calls],
  [outage],
  [lag, migration],
  [setUp],
  [blastRadius, tenants],
  // Its embedded database computes in this process, which would slow all others down.
  [clients],
];
