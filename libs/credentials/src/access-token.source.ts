import type { Clock, Logger } from '#gatehouse/platform';
import { CredentialFailure } from './credential-failure.js';
import type { CredentialSource } from './source.js';
import type { Tokens } from './token-endpoint.js';

/**
 * The share of its life after which an access token is replaced; random, so that many workers do not refresh at the
 * same time.
 */
const earliestRefresh = 0.75;
const latestRefresh = 0.85;
/** The assumed life of a token if the server does not state it (RFC 6749 section 5.1 only recommends `expires_in`). */
const unannouncedLifeSeconds = 60;
/** When a failed early refresh is retried. */
const retryAfterMs = 30_000;

interface AccessToken {
  readonly headers: Headers;
  /** Milliseconds since the epoch, like the one below. */
  readonly expiresAt: number;
  refreshAt: number;
}

interface AccessTokenParts {
  /**
   * Obtains a token; throws {@link CredentialFailure}. When it resolves, everything that the next call needs is
   * stored.
   */
  readonly obtain: () => Promise<Tokens>;
  /** Checks whether `obtain` can work; throws an ExitError 78. */
  readonly check?: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * An access token that is replaced at about 80 % of its life, by one refresh for all callers that wait. If an early
 * refresh gets no answer, the current token is used until it expires.
 */
export class AccessTokenSource implements CredentialSource {
  #token: AccessToken | undefined;
  #flight: Promise<AccessToken> | undefined;

  constructor(private readonly parts: AccessTokenParts) {}

  async check(): Promise<void> {
    await this.parts.check?.();
  }

  async authorization(signal: AbortSignal): Promise<Headers> {
    signal.throwIfAborted();
    const token = this.#token;
    if (token && this.parts.clock() < token.refreshAt) return token.headers;
    this.#flight ??= this.#refresh().finally(() => (this.#flight = undefined));
    try {
      return (await unlessAborted(this.#flight, signal)).headers;
    } catch (error) {
      if (this.#stillServes(token, error)) return token.headers;
      throw error;
    }
  }

  invalidate(): void {
    this.#token = undefined;
  }

  async close(): Promise<void> {
    await this.#flight?.catch(() => {});
  }

  #stillServes(token: AccessToken | undefined, error: unknown): token is AccessToken {
    if (!(error instanceof CredentialFailure) || error.kind !== 'unavailable') return false;
    const now = this.parts.clock();
    if (!token || token !== this.#token || now >= token.expiresAt) return false;
    token.refreshAt = now + retryAfterMs;
    this.parts.log.warn(
      { reason: error.message },
      'early refresh failed; the current access token is still used',
    );
    return true;
  }

  async #refresh(): Promise<AccessToken> {
    const { obtain, clock } = this.parts;
    const askedAt = clock();
    const tokens = await obtain();
    const lifeMs = (tokens.expiresInSeconds ?? unannouncedLifeSeconds) * 1000;
    const share = earliestRefresh + Math.random() * (latestRefresh - earliestRefresh);
    return (this.#token = {
      headers: new Headers({ authorization: `Bearer ${tokens.accessToken}` }),
      expiresAt: askedAt + lifeMs,
      refreshAt: askedAt + lifeMs * share,
    });
  }
}

/** Waits for the shared refresh, which belongs to all callers, so one caller's signal ends only that caller's wait. */
function unlessAborted<T>(flight: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    flight.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
