import type { Settings } from '../world.js';
import type { Faults } from './faults.js';
import type { Rotation } from './keys.js';
import type { RequestLog } from './request-log.js';
import type { SandboxClock } from './sandbox-clock.js';

/** What tests do to the sandbox, in process as over `/_sandbox`. */
export interface Controls {
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly settings: Settings;
  rotateKey(kid?: string): Promise<Rotation>;
  withdrawKey(kid: string): void;
  /** Back to a freshly kickstarted instance: new keys, no sessions, no faults, real time. */
  reset(): Promise<void>;
}
