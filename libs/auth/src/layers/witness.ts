import type { Authenticate, Outcome } from '../core/authenticator.js';
import { andThen } from '../core/awaitable.js';
import type { Refusal } from '../core/failure.js';
import type { RefusalOf, Revoking } from './revocation.js';

/** Sees what deciding about a request takes, for a display. Called within the asynchronous context of that request. */
export interface Witness {
  /** No cache knows the credential: it is judged offline, or FusionAuth is asked. */
  asked(step: 'judgement' | 'confirmation'): void;
  /** The same credential is being verified for another request; this one gets that verdict. */
  joined(): void;
  /** An accepted credential was looked up among the revocations in memory; with the refusal where there is one. */
  lookedUp(refusal: Refusal | undefined): void;
  /** A call to FusionAuth ended; without a status where no answer came in time. */
  called(operation: string, status: number | undefined, milliseconds: number): void;
  /** The request is decided. */
  decided(outcome: Outcome): void;
}

/** Shows each outcome to the witness. */
export const showing =
  (inner: Authenticate, witness: Witness): Authenticate =>
  (request) =>
    andThen(inner(request), (outcome) => {
      witness.decided(outcome);
      return outcome;
    });

/** Runs `ask`, after the witness has seen that it is asked. Without a witness it is `ask` itself. */
export function seen<A extends unknown[], R>(
  ask: (...args: A) => R,
  step: Parameters<Witness['asked']>[0],
  witness: Witness | undefined,
): (...args: A) => R {
  if (!witness) return ask;
  return (...args) => {
    witness.asked(step);
    return ask(...args);
  };
}

/** Shows each look-up among the revocations to the witness. Without a witness it is `refusalOf` itself. */
export function lookingUp({ concerns, refusalOf }: Revoking, witness: Witness | undefined): RefusalOf {
  if (!witness) return refusalOf;
  return (acceptance) => {
    const refusal = refusalOf(acceptance);
    if (concerns(acceptance)) witness.lookedUp(refusal);
    return refusal;
  };
}
