import type { Authenticate, Outcome } from '../core/authenticator.js';
import { andThen } from '../core/awaitable.js';
import type { Refusal } from '../core/failure.js';
import type { RefusalOf, Revoking } from './revocation.js';

/** Observes how each request is decided, for a display. Called within the asynchronous context of that request. */
export interface Witness {
  /** The credential is in no cache: it is judged offline, or FusionAuth is called. */
  asked(step: 'judgement' | 'confirmation'): void;
  /** The request waits for the verdict on the same credential, which is being verified for another request. */
  joined(): void;
  /** An accepted credential was looked up among the revocations in memory; `refusal` is undefined if it is not revoked. */
  lookedUp(refusal: Refusal | undefined): void;
  /** A call to FusionAuth ended; `status` is undefined if no answer came in time. */
  called(operation: string, status: number | undefined, milliseconds: number): void;
  /** The request is decided. */
  decided(outcome: Outcome): void;
}

/** Reports each outcome to the witness. */
export const showing =
  (inner: Authenticate, witness: Witness): Authenticate =>
  (request) =>
    andThen(inner(request), (outcome) => {
      witness.decided(outcome);
      return outcome;
    });

/** Wraps `ask` so that the witness is notified before each call. Without a witness it returns `ask` itself. */
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

/** Reports each look-up among the revocations to the witness. Without a witness it returns `refusalOf` itself. */
export function lookingUp({ concerns, refusalOf }: Revoking, witness: Witness | undefined): RefusalOf {
  if (!witness) return refusalOf;
  return (acceptance) => {
    const refusal = refusalOf(acceptance);
    if (concerns(acceptance)) witness.lookedUp(refusal);
    return refusal;
  };
}
