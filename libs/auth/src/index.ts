/**
 * The guard without a framework: its settings, the authenticator that judges a request, and the types that every door
 * shares.
 *
 * @example
 * ```ts
 * import { createAuthenticator, type Principal, type ProblemCode, readAuthConfig } from 'gatehouse-auth';
 *
 * const authenticator = createAuthenticator(readAuthConfig(), { realm: 'invoices' });
 * await authenticator.start();
 *
 * const mayRead = ({ roles }: Principal) => roles.includes('invoice-reader');
 * const isWorthARetry = (code: ProblemCode) =>
 *   code === 'authentication_unavailable' || code === 'too_many_requests';
 *
 * await authenticator.close();
 * ```
 *
 * @module gatehouse-auth
 */
export { problemCodes, type ProblemCode } from '#gatehouse/platform';
export type { Outcome } from './core/authenticator.js';
export { buildAuthenticator, type Authenticator, type AuthenticatorSettings } from './build-authenticator.js';
export type { Failure } from './core/failure.js';
export type { Principal } from './core/principal.js';
export { callerBehind, trustsProxy } from './doors/caller-address.js';
export { readerOf, type Carrier } from './core/carrier.js';
export { explain, type Reasons } from './core/reasons.js';
export type { RequestFacts } from './core/facts.js';
export type { CredentialStrategy, Verdict } from './core/strategy.js';
export type { Witness } from './layers/witness.js';
export { createAuthenticator, type AuthenticatorParts } from './create-authenticator.js';
export { apiKeySubject } from './strategies/api-key/api-key.strategy.js';
export { issuedKeyId, mintApiKey } from './strategies/api-key/issued-key.js';
export {
  authProblems,
  authSettings,
  lossesWithoutSharedMemory,
  permissionNotes,
  readAuthConfig,
  strategySettings,
  type AuthConfig,
} from './settings.js';
export type { Attempt } from './strategies/email-token/login-attempts.js';
export { catalogue as strategies, strategyNames, type StrategyName } from './strategies/index.js';
export type { StrategyDefinition } from './strategies/define-strategy.js';
export { inProcessMemory, type AuthMemory } from './strategies/memory.js';
export type { EventOutcome, ReadBody } from './revocation/received.js';
export { type Revocation, revocationKey, type RevocationTarget } from './revocation/revocation.js';
export {
  inProcessRevocations,
  type RevocationMemory,
  type RevocationNews,
  type RevocationReading,
  type Turn,
} from './revocation/revocation-memory.js';
