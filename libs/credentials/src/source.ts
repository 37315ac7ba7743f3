import type { z } from 'zod';
import type { Clock, Logger, Pause, Secret } from '#gatehouse/platform';

/** Keeps one kind of credential fresh for a client; the counterpart of the strategy that verifies it. */
export interface CredentialSource {
  /** Checks before the first use whether it can work. Throws an ExitError 78 with what to do. */
  check(): Promise<void>;
  /**
   * Returns the request headers that present the credential, refreshed if it is due. Throws a CredentialFailure, or
   * the signal's reason if the caller stops waiting.
   */
  authorization(signal: AbortSignal): Promise<Headers>;
  /** Reports that the API refused the credential: the next call must present another, if there is one. */
  invalidate(): void;
  /** Waits for a refresh in progress, because a token rotated by it would be lost with the process. Never throws. */
  close(): Promise<void>;
}

/** The result of one use of a refresh token: a value for the caller, and the token's successor if it was rotated. */
export interface Spent<T> {
  readonly successor?: string | undefined;
  readonly value: T;
}

/** Stores a refresh token between runs. Losing a single-use token means losing the session, so it is written first. */
export interface RefreshTokenStore {
  /** Checks that there is a token, and that its successor can be stored. Throws an ExitError 78 with what to do. */
  check(): Promise<void>;
  /**
   * Passes the current token to `spend` while nobody else can use it. A successor is stored durably before this
   * resolves; if `spend` throws, the stored token is unchanged.
   */
  rotate<T>(spend: (refreshToken: string) => Promise<Spent<T>>): Promise<T>;
}

/** The parts that every source may need besides its settings. */
export interface SourceParts {
  /** Base URL of the authorization server, where its discovery document is read. */
  readonly issuerUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Waits before the authorization server is called again. */
  readonly pause?: Pause | undefined;
  /** The URL where a user obtains the credential, for messages. */
  readonly devCenterUrl?: string | undefined;
  /** Reads a secret from its file again; undefined if it is not configured by a file. */
  readonly reread?: ((name: string) => Promise<Secret | undefined>) | undefined;
  /** Creates a store that several workers share, seeded from the configured token; without it the file is the store. */
  readonly sharedStore?: ((readSeed: () => Promise<string>) => RefreshTokenStore) | undefined;
  /** Called after a rotated credential is stored and before it is used; tests stop the process there. */
  readonly afterTokenWrite?: (() => Promise<void> | void) | undefined;
}

/** Defines a source: its own settings, named like environment variables, and how to create it. */
export interface SourceDefinition<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly settings: Shape;
  /**
   * Returns what is wrong with the files that the settings name, a line each, and changes nothing. `seed`: a shared
   * store exists, which only reads them.
   */
  problems?(settings: z.output<z.ZodObject<Shape>>, use: 'store' | 'seed'): Promise<string[]>;
  create(settings: z.output<z.ZodObject<Shape>>, parts: SourceParts): CredentialSource;
}

export const defineSource = <Shape extends z.ZodRawShape>(definition: SourceDefinition<Shape>) => definition;
