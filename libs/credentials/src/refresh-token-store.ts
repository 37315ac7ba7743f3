/** What one use of a refresh token brought: a value for the caller, and the token's successor if it was rotated. */
export interface Spent<T> {
  readonly successor?: string | undefined;
  readonly value: T;
}

/** Where a refresh token lives between runs. A one-time token lost is a session lost, so writing comes first. */
export interface RefreshTokenStore {
  /** Whether there is a token, and room for its successor. Throws an ExitError 78 with what to do. */
  check(): Promise<void>;
  /**
   * Hands the current token to `spend` while nobody else can spend it. A successor is stored durably before this
   * resolves; when `spend` throws, the stored token stays what it was.
   */
  rotate<T>(spend: (refreshToken: string) => Promise<Spent<T>>): Promise<T>;
}
