import type { SessionRecords } from '#gatehouse/fusionauth';
import type { Clock, Logger } from '#gatehouse/platform';
import { type Background, background } from './background.js';
import { type Revocation, revocationKey } from './revocation.js';

export interface SessionRoundsSettings {
  readonly records: Pick<SessionRecords, 'session'>;
  /** Applies revocations, here and at the other replicas; rejects if they could not be recorded. */
  readonly record: (revocations: readonly Revocation[]) => Promise<unknown>;
  /** How long a token that was just issued may be valid, in milliseconds. */
  readonly keepMs: number;
  /** How far FusionAuth's clock may be ahead of ours. */
  readonly clockSkewMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** At most ten calls a second. */
const pauseMs = 100;
/** Least time between two look-ups of one session. */
const sessionMs = 60_000;
/** The number of sessions that can be looked up in a quarter of an hour. */
const maxSessions = 9_000;
const retryMs = 5_000;

interface Session {
  expiresAt: number;
  askedAt: number;
}

/**
 * Looks up the sessions of accepted tokens in FusionAuth, one after the other and again, in the background. A session
 * that no longer exists is revoked. This finds what no event and no log reported.
 */
export class SessionRounds {
  /** In the order in which they are looked up. */
  readonly #sessions = new Map<string, Session>();
  readonly #settings: SessionRoundsSettings;
  readonly #work: Background;

  constructor(settings: SessionRoundsSettings) {
    this.#settings = settings;
    const name = 'the round of sessions (GET /api/jwt/refresh)';
    this.#work = background(() => this.ask(), { name, everyMs: pauseMs, retryMs, log: settings.log });
  }

  start(): void {
    this.#work.start();
  }

  close(): void {
    this.#work.close();
  }

  /** Notes that a token of a session was accepted, valid until then. Called during requests. */
  note(sessionId: string, expiresAt: number): void {
    const known = this.#sessions.get(sessionId);
    if (known) known.expiresAt = Math.max(known.expiresAt, expiresAt);
    else this.#add(sessionId, { expiresAt, askedAt: -Infinity });
  }

  /** Looks up the session that is due, if any, and resolves with whether there was one. */
  async ask(): Promise<boolean> {
    const { records, record, keepMs, clockSkewMs, clock, log } = this.#settings;
    const sessionId = this.#next();
    if (sessionId === undefined) return false;
    if ((await records.session(sessionId)) !== undefined) return true;
    // Tokens carry FusionAuth's time. The session is gone for good, so a late instant revokes nothing else.
    const revokedBefore = clock() + clockSkewMs;
    const key = revocationKey({ kind: 'session', sessionId });
    await record([{ key, revokedBefore, keepUntil: revokedBefore + keepMs }]);
    this.#sessions.delete(sessionId);
    log.info(
      { event: 'session-gone', sessionId },
      'a session is gone and no event announced it; its tokens are revoked',
    );
    return true;
  }

  #add(sessionId: string, session: Session): void {
    if (this.#sessions.size >= maxSessions) {
      const [first = ''] = this.#sessions.keys();
      this.#sessions.delete(first);
    }
    this.#sessions.set(sessionId, session);
  }

  /**
   * Returns the session that is due and moves it to the end of the queue; undefined if it is too early. Drops those
   * whose tokens have expired.
   */
  #next(): string | undefined {
    const now = this.#settings.clock();
    for (const [sessionId, session] of this.#sessions) {
      const isOver = session.expiresAt <= now;
      if (!isOver && now - session.askedAt < sessionMs) return undefined;
      this.#sessions.delete(sessionId);
      if (isOver) continue;
      session.askedAt = now;
      this.#sessions.set(sessionId, session);
      return sessionId;
    }
    return undefined;
  }
}
