/**
 * What the guard must remember beyond one process. The application supplies it, on its own database; `inProcessMemory`
 * serves a single replica. All keys are hashes: no credential and no login id ever reaches it.
 */
export interface AuthMemory {
  /** The roles recorded for an API key, by the subject of its principal; undefined when nothing is recorded. */
  rolesOfApiKey(subject: string): Promise<readonly string[] | undefined>;
  /** Whether this e-mail and token succeeded within the last 24 h. */
  isKnownPair(pair: string): Promise<boolean>;
  /** Told of every success that FusionAuth confirmed, so it must be cheap for a pair that is known. */
  rememberPair(pair: string): Promise<void>;
  forgetPair(pair: string): Promise<void>;
  /**
   * Takes one of the `limit` attempts that a login id has in any `seconds`, counted over all replicas. Resolves with the
   * seconds to wait when none is left, else with an id for {@link giveBack}.
   */
  takeAttempt(loginId: string, limit: number, seconds: number): Promise<Attempt>;
  /** Returns an attempt that was not refused after all. */
  giveBack(loginId: string, attempt: string): Promise<void>;
}

export type Attempt = { readonly taken: string } | { readonly waitSeconds: number };
