/** Injection token of the clock that dates todos and ages idempotency keys. */
export const CLOCK = Symbol('Clock');
