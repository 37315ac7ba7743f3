import type { Clock } from '#gatehouse/platform';
import type { Instance, Settings } from '../instance.js';
import { withoutEffect } from '../stored/without-effect.js';
import { expireSession } from '../tokens/sessions.js';
import type { Courier } from '../webhooks/courier.js';
import { Faults } from './faults.js';
import { rotateKey, type Rotation, withdrawKey } from './keys.js';
import { RequestLog } from './request-log.js';

const maxInstant = Date.UTC(10_000, 0);

/** The sandbox's own time: another clock plus an offset that tests change. */
export class SandboxClock {
  #offsetMs = 0;
  /** Called after each move. */
  onMove: () => void = () => undefined;

  constructor(private readonly base: Clock) {}

  readonly now: Clock = () => this.base() + this.#offsetMs;

  /** Milliseconds that it is ahead of the other clock; negative when it is behind. */
  get aheadMs(): number {
    return this.#offsetMs;
  }

  advance(byMs: number): void {
    this.set(this.now() + byMs);
  }

  /** Throws for an instant that neither a token nor the page can show. */
  set(instantMs: number): void {
    if (!(instantMs >= 0 && instantMs < maxInstant))
      throw new Error('the clock can be set to any instant from the year 1970 to the year 9999');
    this.#offsetMs = instantMs - this.base();
    this.onMove();
  }

  /** Sets the offset to zero. */
  reset(): void {
    this.#offsetMs = 0;
    this.onMove();
  }
}

type WebhookControls = Pick<
  Courier,
  'disturb' | 'disturbance' | 'commitAfter' | 'commitAfterMs' | 'clear' | 'deliveries' | 'settled'
>;

/** The controls that tests use, in process or over `/_sandbox`. */
export interface Controls {
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly settings: Settings;
  /** The disturbances of events on their way to webhooks. */
  readonly webhooks: WebhookControls;
  /** Signs with a new key; the old one, by default the application's, stays in the key set. */
  rotateKey: (kid?: string) => Promise<Rotation>;
  /** Returns the ids of the API keys by description. FusionAuth shows these on a page, and through no API. */
  apiKeyIds: () => Readonly<Record<string, string>>;
  /** Returns the number of stored things that have no effect, by kind. */
  withoutEffect: () => Readonly<Record<string, number>>;
  /** Expires the refresh token of a session now. Throws when no such session is alive. */
  expireSession: (id: string) => void;
  /** Removes a key from the key set. */
  withdrawKey: (kid: string) => Promise<void>;
  /** Returns to a freshly kickstarted instance: no sessions, no faults, real time. */
  reset: () => Promise<void>;
}

export const initialSettings: Readonly<Settings> = {
  keyCacheDelaySeconds: 0,
  tty: false,
  strictIntrospection: false,
  licensed: true,
  slowDownDevices: false,
};

/** Returns the controls of an instance. `kickstart` replaces its state with that of a newly set up one. */
export function makeControls(
  instance: Instance,
  clock: SandboxClock,
  operations: readonly string[],
  kickstart: () => Promise<void>,
): Controls {
  const faults = new Faults(new Set(operations));
  const requests = new RequestLog();
  return {
    clock,
    faults,
    requests,
    settings: instance.settings,
    webhooks: instance.courier,
    apiKeyIds: () =>
      Object.fromEntries(
        [...instance.state.apiKeys.values()]
          .filter(({ removedAt }) => removedAt === undefined)
          .map(({ id, metaData }) => [metaData?.attributes?.['description'] ?? id, id]),
      ),
    withoutEffect: () => withoutEffect(instance.state),
    rotateKey: (kid) => rotateKey(instance, kid),
    expireSession: (id) => expireSession(instance, id),
    withdrawKey: (kid) => withdrawKey(instance, kid),
    reset: async () => {
      instance.courier.abandon();
      instance.courier.clear();
      faults.clear();
      clock.reset();
      instance.codes.clear();
      instance.deviceCodes.clear();
      Object.assign(instance.settings, initialSettings);
      await kickstart();
      requests.clear();
    },
  };
}
