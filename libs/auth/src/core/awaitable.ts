/** A value or a promise of it. Cached results return synchronously, so the hot path allocates no promise. */
export type Awaitable<T> = T | Promise<T>;

/** Applies `next` to the value, synchronously unless it is a promise. */
export const andThen = <T, U>(value: Awaitable<T>, next: (value: T) => U): Awaitable<Awaited<U>> =>
  (value instanceof Promise ? value.then(next) : next(value)) as Awaitable<Awaited<U>>;
