/** How a client keeps one kind of credential fresh; the mirror of the strategy that verifies it. */
export interface CredentialSource {
  readonly name: string;
  /** What would keep it from working, found before the first use. Throws an ExitError 78 with what to do. */
  check(): Promise<void>;
  /**
   * The request headers that present the credential, refreshed when it is time.
   * Throws a CredentialFailure, or the signal's reason when the caller stops waiting.
   */
  authorization(signal: AbortSignal): Promise<Headers>;
  /** The API refused the credential: the next call must not present it again, if there is another. */
  invalidate(): void;
  /** Waits for a refresh under way: a token rotated by it would be lost with the process. Never throws. */
  close(): Promise<void>;
}
