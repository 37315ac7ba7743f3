import type { Clock } from '#gatehouse/platform';
import type { Instance, Settings } from '../instance.js';
import { withoutEffect } from '../kept/without-effect.js';
import { expireSession } from '../tokens/sessions.js';
import type { Courier } from '../webhooks/courier.js';
import { Faults } from './faults.js';
import { rotateKey, type Rotation, withdrawKey } from './keys.js';
import { RequestLog } from './request-log.js';

/** The sandbox's own time: another clock plus an offset that tests move. */
export class SandboxClock {
  #offsetMs = 0;
  /** Called after each move. */
  onMove: () => void = () => undefined;

  constructor(private readonly base: Clock) {}

  readonly now: Clock = () => this.base() + this.#offsetMs;

  /** How far it is ahead of the other clock; behind it is negative. */
  get aheadMs(): number {
    return this.#offsetMs;
  }

  advance(byMs: number): void {
    this.#offsetMs += byMs;
    this.onMove();
  }

  set(instantMs: number): void {
    this.#offsetMs = instantMs - this.base();
    this.onMove();
  }

  /** Back to the other clock. */
  reset(): void {
    this.#offsetMs = 0;
    this.onMove();
  }
}

type WebhookControls = Pick<
  Courier,
  'disturb' | 'disturbance' | 'commitAfter' | 'commitAfterMs' | 'clear' | 'deliveries' | 'settled'
>;

/** What tests do to the sandbox, in process as over `/_sandbox`. */
export interface Controls {
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly settings: Settings;
  /** What happens to events on their way to webhooks. */
  readonly webhooks: WebhookControls;
  /** Signs with a new key; the old one, by default the application's, stays in the key set. */
  rotateKey: (kid?: string) => Promise<Rotation>;
  /** The ids of the API keys by their descriptions: what FusionAuth shows on a page and through no API. */
  apiKeyIds: () => Readonly<Record<string, string>>;
  /** What is kept and has no effect, by kind: how many there are. */
  withoutEffect: () => Readonly<Record<string, number>>;
  /** Has the refresh token of a session expire now. Throws when no such session is alive. */
  expireSession: (id: string) => void;
  /** Takes a key out of the key set. */
  withdrawKey: (kid: string) => Promise<void>;
  /** Back to a freshly kickstarted instance: no sessions, no faults, real time. */
  reset: () => Promise<void>;
}

export const initialSettings: Readonly<Settings> = {
  keyCacheDelaySeconds: 0,
  tty: false,
  strictIntrospection: false,
  licensed: true,
  slowDownDevices: false,
};

/** `kickstart` replaces the state by that of an instance just set up. */
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
