export { AUTHENTICATOR } from './admission.js';
export { AuthModule, type AuthModuleOptions } from './auth.module.js';
export {
  ApiKeyGuard,
  CredentialGuard,
  EmailTokenGuard,
  guardAccepting,
  JwtGuard,
} from './credential.guard.js';
export { Accept, CurrentPrincipal, Public, RequireRole } from './decorators.js';
export { FailureFilter } from './failure.filter.js';
export { webhookRoute } from './webhook-route.js';
export { signatureHeader, webhookPath } from '../webhook.js';
