/** How a client keeps one kind of credential fresh; the mirror of the strategy that verifies it. */
export interface CredentialSource {
  readonly name: string;
  /**
   * The request headers that present the credential, refreshed when it is time.
   * Throws a CredentialFailure, or the signal's reason when the caller stops waiting.
   */
  authorization(signal: AbortSignal): Promise<Headers>;
  /** The API refused the credential: the next call must not present it again. */
  invalidate(): void;
}
