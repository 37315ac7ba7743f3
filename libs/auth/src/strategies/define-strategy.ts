import type { z } from 'zod';
import type { Endpoint, FusionAuthData } from '#gatehouse/fusionauth';
import type { Clock, Logger, Secret } from '#gatehouse/platform';
import type { Carrier } from '../core/carrier.js';
import type { Reasons } from '../core/reasons.js';
import type { CredentialStrategy } from '../core/strategy.js';
import type { KeySource } from './jwt/key-source.js';
import type { AuthMemory } from './memory.js';

/** What a strategy may be made of. */
export interface StrategyParts {
  readonly fusionAuth: FusionAuthData;
  /** The public keys of FusionAuth, which sign tokens and webhooks alike. */
  readonly keys: KeySource;
  readonly memory: AuthMemory;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The settings that every strategy may read beside its own. */
export interface SharedConfig {
  readonly FUSIONAUTH_APPLICATION_ID: string;
  readonly FUSIONAUTH_TENANT_ID: string;
  readonly FUSIONAUTH_API_KEY?: Secret | undefined;
  readonly WEBHOOK_KEY_ID?: string | undefined;
}

/** Everything there is to know of a strategy: guard, doctor, documents, banner and tests read it from here. */
export interface StrategyDefinition<S extends z.ZodRawShape, C> {
  /** The environment variables that only this strategy reads; none is required while the strategy is off. */
  readonly settings: S;
  /** What is missing or contradictory once the strategy is on, as `NAME: what is wrong`. */
  readonly problems: (config: SharedConfig & C) => readonly string[];
  /** What our own API key must permit, and need permit nothing beyond. */
  readonly ownKeyPermissions: (config: SharedConfig & C) => readonly Endpoint[];
  /**
   * What it cannot do where its memory is that of one process, in a sentence without a full stop, and whether it should be
   * used then at all. Left out where it remembers nothing.
   */
  readonly withoutSharedMemory?: (config: SharedConfig & C) => {
    readonly usable: boolean;
    readonly loses: string;
  };
  /** Asks FusionAuth what may be set up wrongly; a sentence with its cure for each. Throws when it does not answer. */
  readonly selfCheck?: (
    config: SharedConfig & C,
    fusionAuth: FusionAuthData,
    clock: Clock,
  ) => Promise<readonly string[]>;
  /** Every place where a credential of this kind may travel, configured or not: stripped even while it is off. */
  readonly consumes: readonly [Carrier, ...Carrier[]];
  /** Why it refuses, for log, doctor and documents. */
  readonly reasons: Reasons;
  readonly presentation: Presentation;
  readonly create: (config: SharedConfig & C, parts: StrategyParts) => CredentialStrategy<unknown>;
}

/** How a client presents a credential, whose text is a token, a key, or `e-mail:token`. */
export interface Presentation {
  /** Whether a bare text has the form of such a credential. Forms do not overlap. */
  readonly recognises: (text: string) => boolean;
  /** Returns the header with which a client sends it. */
  readonly header: (text: string) => readonly [name: string, value: string];
  /** Returns the words with which curl sends it, in double quotes; `text` may be a shell expression. */
  readonly curl: (text: string) => string;
  /** Returns the subjects under which an issued credential may be recorded; none when its text does not tell. */
  readonly subjects: (
    text: string,
    keys: { readonly PRINCIPAL_KEY?: Secret | undefined },
  ) => readonly string[];
  /** Who says what the credential may do: FusionAuth in its answer, or our own `credentials` table. */
  readonly rolesFrom: 'fusionauth' | 'credentials-table';
}

export const defineStrategy = <S extends z.ZodRawShape, C>(
  definition: StrategyDefinition<S, C>,
): StrategyDefinition<S, C> => definition;

/** Phrases that the reasons of several strategies share. */
export const phrases = {
  form: 'it is cut short, has something before or behind it, or is another kind of credential',
  obtainAnew: 'obtain a new one',
};
