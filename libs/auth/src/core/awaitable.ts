/** A value that may be at hand already: what is known costs no promise, let alone a turn of the event loop. */
export type Awaitable<T> = T | Promise<T>;

/** `next` of the value, at once where it is at hand. */
export const andThen = <T, U>(value: Awaitable<T>, next: (value: T) => U): Awaitable<Awaited<U>> =>
  (value instanceof Promise ? value.then(next) : next(value)) as Awaitable<Awaited<U>>;
