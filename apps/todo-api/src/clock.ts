/** Injection token of the one clock that dates todos and ages idempotency keys. */
export const CLOCK = Symbol('Clock');
