import { FusionAuthRefusedUs } from '#gatehouse/fusionauth';
import type { Logger } from '#gatehouse/platform';

export interface BackgroundSettings {
  /** Names the work, as a noun: `the replay of missed events`. */
  readonly name: string;
  /** From the end of one run to the beginning of the next. */
  readonly everyMs: number;
  /** The same after a run that failed. */
  readonly retryMs: number;
  readonly log: Logger;
}

/** A new key may be refused for a minute, and a permission may be added at any time. */
const refusedMs = 300_000;
const refusal = 'is off: FUSIONAUTH_API_KEY is not set, or does not permit it';

export type Background = ReturnType<typeof background>;

/**
 * Repeats `work`, which resolves with whether it found anything to do, until closed. A failure is logged when it
 * begins and when its kind changes, not each time. If our key is not permitted, the work counts as switched off, and
 * is tried again every five minutes.
 */
export function background(work: () => Promise<boolean>, settings: BackgroundSettings) {
  const { name, everyMs, retryMs, log } = settings;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let refused = false;
  let trouble: string | undefined;

  async function attempt(): Promise<number> {
    try {
      const didSomething = await work();
      // FusionAuth was not called, so nothing new is known about our key.
      if (refused && !didSomething) return everyMs;
      if (trouble !== undefined && !closed) log.info({ event: 'recovered' }, `${name} works again`);
      trouble = undefined;
      refused = false;
      return everyMs;
    } catch (error) {
      const isRefusal = error instanceof FusionAuthRefusedUs;
      const kind = String((error as Partial<Error>).name);
      const what = isRefusal ? refusal : 'failed; retrying';
      if (kind !== trouble && !closed) log.warn({ err: error, event: 'trouble' }, `${name} ${what}`);
      trouble = kind;
      refused ||= isRefusal;
      return isRefusal ? refusedMs : retryMs;
    }
  }

  async function run(): Promise<void> {
    const waitMs = await attempt();
    if (!closed) timer = setTimeout(() => void run(), waitMs).unref();
  }

  return {
    start: () => void run(),
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
    closed: () => closed,
    /** False from the time our key is refused until the next success. */
    permitted: () => !refused,
  };
}
