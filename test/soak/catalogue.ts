import type { Proof } from './proof.js';
import { hostile } from './proofs/hostile.js';
import { mutation } from './proofs/mutation.js';

/** Every proof, one line each. */
export const proofs: readonly Proof[] = [hostile, mutation];
