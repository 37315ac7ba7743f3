import type { z } from 'zod';
import type { Endpoint, FusionAuthData } from '#gatehouse/fusionauth';
import type { Clock, Logger, Secret } from '#gatehouse/platform';
import type { Carrier } from '../core/carrier.js';
import type { Reasons } from '../core/reasons.js';
import type { CredentialStrategy } from '../core/strategy.js';
import type { KeySource } from './jwt/key-source.js';
import type { AuthMemory } from './memory.js';

/** The parts that a strategy may use. */
export interface StrategyParts {
  readonly fusionAuth: FusionAuthData;
  /** FusionAuth's public keys, for tokens and webhooks. */
  readonly keys: KeySource;
  readonly memory: AuthMemory;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The settings that every strategy may read besides its own. */
export interface SharedConfig {
  readonly FUSIONAUTH_APPLICATION_ID: string;
  readonly FUSIONAUTH_TENANT_ID: string;
  readonly FUSIONAUTH_API_KEY?: Secret | undefined;
  readonly WEBHOOK_KEY_ID?: string | undefined;
}

/** Describes a strategy completely: guard, doctor, documents, banner and tests read it from here. */
export interface StrategyDefinition<S extends z.ZodRawShape, C> {
  /** The environment variables that only this strategy reads; none is required while the strategy is off. */
  readonly settings: S;
  /** Returns what is missing or contradictory when the strategy is enabled, as `NAME: what is wrong`. */
  readonly problems: (config: SharedConfig & C) => readonly string[];
  /** Returns the permissions that our own API key needs; it should have no others. */
  readonly ownKeyPermissions: (config: SharedConfig & C) => readonly Endpoint[];
  /**
   * Says what the strategy cannot do if its memory is per process, in a sentence without a full stop, and whether it
   * should be used then. Absent if it stores nothing.
   */
  readonly withoutSharedMemory?: (config: SharedConfig & C) => {
    readonly usable: boolean;
    readonly loses: string;
  };
  /**
   * Checks FusionAuth's configuration; resolves with a sentence and remedy for each fault. Throws if FusionAuth does
   * not answer.
   */
  readonly selfCheck?: (
    config: SharedConfig & C,
    fusionAuth: FusionAuthData,
    clock: Clock,
  ) => Promise<readonly string[]>;
  /**
   * Every place where a credential of this kind may travel, configured or not; stripped even while the strategy is
   * off.
   */
  readonly consumes: readonly [Carrier, ...Carrier[]];
  /** The reasons for its refusals, for log, doctor and documents. */
  readonly reasons: Reasons;
  readonly presentation: Presentation;
  readonly create: (config: SharedConfig & C, parts: StrategyParts) => CredentialStrategy<unknown>;
}

/** Describes how a client presents a credential, whose text is a token, a key, or `e-mail:token`. */
export interface Presentation {
  /** Tells whether a text has the form of such a credential. Forms do not overlap. */
  readonly recognises: (text: string) => boolean;
  /** Returns the header with which a client sends it. */
  readonly header: (text: string) => readonly [name: string, value: string];
  /** Returns the arguments with which curl sends it, in double quotes; `text` may be a shell expression. */
  readonly curl: (text: string) => string;
  /** Returns the subjects under which an issued credential may be recorded; none when its text does not tell. */
  readonly subjects: (
    text: string,
    keys: { readonly PRINCIPAL_KEY?: Secret | undefined },
  ) => readonly string[];
}

export const defineStrategy = <S extends z.ZodRawShape, C>(
  definition: StrategyDefinition<S, C>,
): StrategyDefinition<S, C> => definition;

/** Phrases that the reasons of several strategies share. */
export const phrases = {
  form: 'it is cut short, has extra text before or after it, or is another kind of credential',
  obtainAnew: 'obtain a new one',
};
