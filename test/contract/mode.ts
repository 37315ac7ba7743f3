import type { Environment } from '#gatehouse/platform';
import type { ContractWorld } from './contract-world.js';

/** Who or what a credential is issued for. */
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
  /** FusionAuth's records behind it, as far as the kind of credential has them. */
  readonly userId?: string;
  readonly email?: string;
  readonly password?: string;
  readonly sessionId?: string;
  readonly keyId?: string;
  readonly entityId?: string;
}

/** Things that one sentence or another needs and that not every kind of credential has; absent = the matrix says why. */
export interface Tricks {
  /** Breaks the grammar of the credential: what must be answered 400. */
  readonly malformed: readonly Readonly<Record<string, string>>[];
  /** A well-formed credential that nobody issued. */
  readonly unknown: (world: ContractWorld) => Promise<Issued>;
  /** A known user or key id with a wrong secret. */
  readonly wrongSecret?: (world: ContractWorld) => Promise<Issued>;
  readonly wrongAudience?: (world: ContractWorld) => Promise<Issued>;
  /** Meant for another application, whose registration it carries. */
  readonly otherApplication?: (world: ContractWorld) => Promise<Issued>;
  /** Good in another tenant; there of a user with this e-mail, where the kind of credential has users. */
  readonly otherTenant?: (world: ContractWorld, email?: string) => Promise<Issued>;
  readonly idToken?: (world: ContractWorld) => Promise<Issued>;
  readonly realPassword?: (world: ContractWorld) => Promise<Issued>;
  readonly overPrivileged?: (world: ContractWorld) => Promise<Issued>;
  readonly bound?: (world: ContractWorld) => Promise<Issued>;
  /** Revokes the credential in FusionAuth. */
  readonly revoke?: (world: ContractWorld, issued: Issued) => Promise<unknown>;
  /** Lets it expire, by the clock or by its own expiry. */
  readonly expire?: (world: ContractWorld, issued: Issued) => Promise<unknown>;
  readonly lock?: (world: ContractWorld, issued: Issued) => Promise<unknown>;
  readonly deactivate?: (world: ContractWorld, issued: Issued) => Promise<unknown>;
  readonly removeUser?: (world: ContractWorld, issued: Issued) => Promise<unknown>;
  /** Logs the user behind it in once more, and ends nothing. */
  readonly logInAgain?: (world: ContractWorld, issued: Issued) => Promise<Issued>;
  readonly setRoles?: (world: ContractWorld, issued: Issued, roles: readonly string[]) => Promise<unknown>;
}

/** One column of the contract. */
export interface Mode {
  readonly name: ModeName;
  readonly env: Environment;
  /** The operations of FusionAuth that verifying a fresh credential calls, first the one whose loss is felt. */
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
