export type { Outcome } from './core/authenticator.js';
export {
  buildAuthenticator,
  type Authenticator,
  type AuthenticatorSettings,
} from './core/build-authenticator.js';
export type { Failure } from './core/failure.js';
export type { Attempt, AuthMemory } from './core/memory.js';
export type { Principal } from './core/principal.js';
export { factsOf, type RequestFacts } from './core/request-facts.js';
export type { CredentialStrategy, Verdict } from './core/strategy.js';
export { createAuthenticator, type AuthenticatorParts } from './create-authenticator.js';
export { AuthModule } from './doors/nest/auth.module.js';
export { CredentialGuard, JwtGuard } from './doors/nest/credential.guard.js';
export { CurrentPrincipal, Public, RequireRole } from './doors/nest/decorators.js';
export { FailureFilter } from './doors/nest/failure.filter.js';
export { apiKeySubject } from './strategies/api-key/api-key.strategy.js';
export { issuedKeyId, mintApiKey } from './strategies/api-key/issued-key.js';
export { authProblems, authSettings, permissionNotes, type AuthConfig } from './settings.js';
export type { StrategyName } from './strategies/index.js';
