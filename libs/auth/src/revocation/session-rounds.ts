import type { SessionRecords } from '#gatehouse/fusionauth';
import type { Clock, Logger } from '#gatehouse/platform';
import { type Background, background } from './background.js';
import { type Revocation, revocationKey } from './revocation.js';

export interface SessionRoundsSettings {
  readonly records: Pick<SessionRecords, 'session'>;
  /** Puts revocations in force, here and at the other replicas; rejects when they could not be recorded. */
  readonly record: (revocations: readonly Revocation[]) => Promise<unknown>;
  /** For how long a token that was just issued may live, in milliseconds. */
  readonly keepMs: number;
  /** How far FusionAuth’s clock may be ahead of ours. */
  readonly clockSkewMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** At most ten questions a second. */
const pauseMs = 100;
/** Least time between two questions about one session. */
const sessionMs = 60_000;
/** As many as are asked for in a quarter of an hour. */
const maxSessions = 9_000;
const retryMs = 5_000;

interface Session {
  goodUntil: number;
  askedAt: number;
}

/**
 * Asks FusionAuth for the sessions of the tokens that were accepted, one after the other and round again, beside the
 * requests. One that is gone is revoked: that finds what no event and no log told.
 */
export class SessionRounds {
  /** In the order in which they are asked for. */
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

  /** Notes that a token of a session was accepted, which is valid until then. On the path of requests. */
  note(sessionId: string, goodUntil: number): void {
    const known = this.#sessions.get(sessionId);
    if (known) known.goodUntil = Math.max(known.goodUntil, goodUntil);
    else this.#add(sessionId, { goodUntil, askedAt: -Infinity });
  }

  /** Asks for one session, where one is due, and resolves with whether one was. */
  async ask(): Promise<boolean> {
    const { records, record, keepMs, clockSkewMs, clock, log } = this.#settings;
    const sessionId = this.#next();
    if (sessionId === undefined) return false;
    if ((await records.session(sessionId)) !== undefined) return true;
    // The tokens bear FusionAuth's time. The session is gone for good, so an instant too late ends nothing else.
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

  /** Takes the session whose turn it is to the end of the line; undefined where it is too early. Drops those that ended. */
  #next(): string | undefined {
    const now = this.#settings.clock();
    for (const [sessionId, session] of this.#sessions) {
      const isOver = session.goodUntil <= now;
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
