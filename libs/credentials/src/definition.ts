import type { z } from 'zod';
import type { Clock, Logger, Pause, Secret } from '#gatehouse/platform';
import type { RefreshTokenStore } from './refresh-token-store.js';
import type { CredentialSource } from './source.js';

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
