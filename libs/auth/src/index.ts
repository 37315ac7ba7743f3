export type { Outcome } from './core/authenticator.js';
export {
  buildAuthenticator,
  type Authenticator,
  type AuthenticatorSettings,
} from './core/build-authenticator.js';
export type { Failure } from './core/failure.js';
export type { Attempt, AuthMemory } from './core/memory.js';
export type { Principal } from './core/principal.js';
export { trustsProxy } from './core/caller-address.js';
export { factsOf, type RequestFacts } from './core/request-facts.js';
export type { CredentialStrategy, Verdict } from './core/strategy.js';
export { createAuthenticator, type AuthenticatorParts } from './create-authenticator.js';
export { apiKeySubject } from './strategies/api-key/api-key.strategy.js';
export { issuedKeyId, mintApiKey } from './strategies/api-key/issued-key.js';
export { authProblems, authSettings, permissionNotes, readAuthConfig, type AuthConfig } from './settings.js';
export { guarded, type GuardedListener } from './doors/node/guarded.js';
export type { StrategyName } from './strategies/index.js';
