import type { Environment } from '#gatehouse/platform';
import type { ContractWorld } from './contract-world.js';

/** The user or machine that a credential is issued for. */
export interface IssueOptions {
  readonly roles?: readonly string[];
  /** False: the user exists but is not registered for the application. */
  readonly registered?: boolean;
}

/** A credential as a client would send it, and its ids in FusionAuth. */
export interface Issued {
  readonly headers: Readonly<Record<string, string>>;
  /** Texts that must never appear in a log line, an error, a metric or a URL. */
  readonly secrets: readonly string[];
  /** FusionAuth's records behind it, where the kind of credential has them. */
  readonly userId?: string;
  readonly email?: string;
  readonly password?: string;
  readonly sessionId?: string;
  readonly keyId?: string;
  readonly entityId?: string;
}

/**
 * Operations that some sentences need and some kinds of credential lack; the matrix gives the reason for a missing one.
 */
export interface Tricks {
  /** Headers that break the grammar of the credential and must be answered 400. */
  readonly malformed: readonly Readonly<Record<string, string>>[];
  /** Returns a well-formed credential that nobody issued. */
  readonly unknown: (world: ContractWorld) => Promise<Issued>;
  /** Returns a known user or key id with a wrong secret. */
  readonly wrongSecret?: (world: ContractWorld) => Promise<Issued>;
  readonly wrongAudience?: (world: ContractWorld) => Promise<Issued>;
  /** Returns a credential for another application, with the registration for that one. */
  readonly otherApplication?: (world: ContractWorld) => Promise<Issued>;
  /**
   * Returns a credential that is valid in another tenant; there of a user with this e-mail address, where the kind of
   * credential has users.
   */
  readonly otherTenant?: (world: ContractWorld, email?: string) => Promise<Issued>;
  readonly idToken?: (world: ContractWorld) => Promise<Issued>;
  readonly realPassword?: (world: ContractWorld) => Promise<Issued>;
  readonly overPrivileged?: (world: ContractWorld) => Promise<Issued>;
  readonly bound?: (world: ContractWorld) => Promise<Issued>;
  /** Revokes the credential in FusionAuth. */
  readonly revoke?: (world: ContractWorld, issued: Issued) => Promise<unknown>;
  /** Expires it, by the clock or by its own expiry. */
  readonly expire?: (world: ContractWorld, issued: Issued) => Promise<unknown>;
  readonly lock?: (world: ContractWorld, issued: Issued) => Promise<unknown>;
  readonly deactivate?: (world: ContractWorld, issued: Issued) => Promise<unknown>;
  readonly removeUser?: (world: ContractWorld, issued: Issued) => Promise<unknown>;
  /** Logs the user behind it in once more, without revoking anything. */
  readonly logInAgain?: (world: ContractWorld, issued: Issued) => Promise<Issued>;
  readonly setRoles?: (world: ContractWorld, issued: Issued, roles: readonly string[]) => Promise<unknown>;
}

/** One column of the contract. */
export interface Mode {
  readonly name: ModeName;
  readonly env: Environment;
  /**
   * The operations of FusionAuth that verifying a fresh credential calls; the first is the one whose failure matters.
   */
  readonly calls: readonly string[];
  readonly issue: (world: ContractWorld, options?: IssueOptions) => Promise<Issued>;
  readonly tricks: Tricks;
}

export const modeNames = [
  'jwt/local',
  'jwt/local (passport-jwt)',
  'jwt/local+push',
  'jwt/introspection',
  'jwt/session',
  'client-credentials/local',
  'client-credentials/introspection',
  'client-credentials/session',
  'api-key',
  'email-token',
] as const;

export type ModeName = (typeof modeNames)[number];
