import type { Proof } from './proof.js';

/** Every proof, one line each. */
export const proofs: readonly Proof[] = [];
