import type { z } from 'zod';
import type { Clock, Logger, Pause, Secret } from '#gatehouse/platform';

/** How a client keeps one kind of credential fresh; the mirror of the strategy that verifies it. */
export interface CredentialSource {
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

/** What every source may need beside its own settings. */
export interface SourceParts {
  /** Base URL of the authorization server, where its discovery document is read. */
  readonly issuerUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** How to wait before the authorization server is asked again. */
  readonly pause?: Pause | undefined;
  /** Where a person obtains the credential, for messages that send somebody there. */
  readonly devCenterUrl?: string | undefined;
  /** A secret as its file holds it now; undefined when it is not configured by a file. */
  readonly reread?: ((name: string) => Promise<Secret | undefined>) | undefined;
  /** A store that several workers share, seeded from the configured token; without it the file is the store. */
  readonly sharedStore?: ((readSeed: () => Promise<string>) => RefreshTokenStore) | undefined;
  /** Reached once a rotated credential is safe and before it is used; tests stop the process there. */
  readonly afterTokenWrite?: (() => Promise<void> | void) | undefined;
}

/** One way to keep a credential: the settings that only it reads, named as environment variables, and its maker. */
export interface SourceDefinition<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly settings: Shape;
  create(settings: z.output<z.ZodObject<Shape>>, parts: SourceParts): CredentialSource;
}

export const defineSource = <Shape extends z.ZodRawShape>(definition: SourceDefinition<Shape>) => definition;
