import { setTimeout as delay } from 'node:timers/promises';

/** The current instant in milliseconds since the epoch. Injected wherever a decision depends on the time. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** Waits, or rejects with the signal's reason. Injected wherever code waits deliberately. */
export type Pause = (durationMs: number, signal?: AbortSignal) => Promise<void>;

export const systemPause: Pause = async (durationMs, signal) => {
  signal?.throwIfAborted();
  await delay(durationMs, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
};
