export { AuthModule } from './auth.module.js';
export { ApiKeyGuard, CredentialGuard, EmailTokenGuard, JwtGuard } from './credential.guard.js';
export { CurrentPrincipal, Public, RequireRole } from './decorators.js';
export { FailureFilter } from './failure.filter.js';
