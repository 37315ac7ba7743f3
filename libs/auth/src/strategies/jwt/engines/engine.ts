import type { PublicKey } from '../public-key.js';
import type { Algorithm } from '../token-header.js';

/** A token whose form, header, claims and key have been checked. */
export interface SignedToken {
  readonly text: string;
  readonly alg: Algorithm;
  readonly key: PublicKey;
}

/** Verifies the signature, and nothing else; everything around it is checked in one place for all engines. */
export type SignatureEngine = (token: SignedToken) => boolean;
