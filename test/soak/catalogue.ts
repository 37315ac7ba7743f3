import type { Proof } from './proof.js';
import { mutation } from './proofs/mutation.js';

/** Every proof, one line each. */
export const proofs: readonly Proof[] = [mutation];
