import type { Proof } from './proof.js';
import { coldStart } from './proofs/cold-start.js';
import { faults } from './proofs/faults.js';
import { fuzz } from './proofs/fuzz.js';
import { hostile } from './proofs/hostile.js';
import { keyRotation } from './proofs/key-rotation.js';
import { lockOut } from './proofs/lock-out.js';
import { mutation } from './proofs/mutation.js';
import { outage } from './proofs/outage.js';
import { secrets } from './proofs/secrets.js';

/** Every proof, one line each. */
export const proofs: readonly Proof[] = [
  hostile,
  outage,
  faults,
  coldStart,
  keyRotation,
  lockOut,
  fuzz,
  secrets,
  mutation,
];
