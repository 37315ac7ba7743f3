import type { FusionAuthData } from '#gatehouse/fusionauth';
import { LogReplay, type LogReplaySettings } from './log-replay.js';
import { SessionRounds, type SessionRoundsSettings } from './session-rounds.js';

export interface ReconciliationSettings
  extends Omit<LogReplaySettings, 'webhookLog'>, Omit<SessionRoundsSettings, 'records'> {
  readonly fusionAuth: Pick<FusionAuthData, 'webhookLog' | 'records'>;
}

export type Reconciliation = ReturnType<typeof reconciliation>;

/** Without a replay for longer, events may be missing. */
const lateMs = 300_000;

/**
 * Finds the revocations that were announced to nobody, or to nobody who listened, with our own key: from FusionAuth's log
 * of events, and by asking for the sessions in use. All of it happens beside the requests.
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
    /** Notes that a token of a session was accepted, which is valid until then (milliseconds since the epoch). */
    note: (sessionId: string, goodUntil: number) => rounds.note(sessionId, goodUntil),
    /** Milliseconds since the log of events was last replayed, by any replica; undefined where our key may not read it. */
    age: () => replay.age(),
    /** Whether the log of events has not been replayed for five minutes, where our key may read it. */
    isLate: () => (replay.age() ?? 0) > lateMs,
  };
}
