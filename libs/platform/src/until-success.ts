interface Retry {
  readonly retryMs: number;
  /** Called with the first error only, so that an outage is logged once. */
  readonly onFirstFailure: (error: unknown) => void;
}

/**
 * Repeats `attempt` every `retryMs` until it succeeds once; `retrying` tells whether it failed before. `start`
 * resolves after the first attempt, successful or not. After `close` nothing is attempted or reported.
 */
export function untilSuccess(
  attempt: (retrying: boolean) => Promise<void>,
  { retryMs, onFirstFailure }: Retry,
) {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let failing = false;
  const start = async (): Promise<void> => {
    try {
      await attempt(failing);
    } catch (error) {
      if (closed) return;
      if (!failing) onFirstFailure(error);
      failing = true;
      timer = setTimeout(() => void start(), retryMs).unref();
    }
  };
  const close = (): void => {
    closed = true;
    clearTimeout(timer);
  };
  return { start, close };
}
