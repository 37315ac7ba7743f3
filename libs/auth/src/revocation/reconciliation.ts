import type { FusionAuthData } from '#gatehouse/fusionauth';
import { LogReplay, type LogReplaySettings } from './log-replay.js';
import { SessionRounds, type SessionRoundsSettings } from './session-rounds.js';

export interface ReconciliationSettings
  extends Omit<LogReplaySettings, 'webhookLog'>, Omit<SessionRoundsSettings, 'records'> {
  readonly fusionAuth: Pick<FusionAuthData, 'webhookLog' | 'records'>;
}

export type Reconciliation = ReturnType<typeof reconciliation>;

/** Events may be missing if the log has not been replayed for this long. */
const lateMs = 300_000;

/**
 * Finds revocations that were not announced, or not received, with our own key: in FusionAuth's event log, and by
 * looking up the sessions in use. It runs in the background, never during a request.
 */
export function reconciliation({ fusionAuth, ...rest }: ReconciliationSettings) {
  const replay = new LogReplay({ ...rest, webhookLog: fusionAuth.webhookLog });
  const rounds = new SessionRounds({ ...rest, records: fusionAuth.records });
  return {
    start: () => {
      replay.start();
      rounds.start();
    },
    close: () => {
      replay.close();
      rounds.close();
    },
    /** Notes that a token of a session was accepted, valid until `expiresAt` (milliseconds since the epoch). */
    note: (sessionId: string, expiresAt: number) => rounds.note(sessionId, expiresAt),
    /** Milliseconds since the event log was last replayed, by any replica; undefined if our key may not read it. */
    age: () => replay.age(),
    /** Tells whether the event log has not been replayed for five minutes although our key may read it. */
    isLate: () => (replay.age() ?? 0) > lateMs,
  };
}
