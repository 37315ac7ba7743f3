/**
 * The door for NestJS: a global guard, decorators, and the filter that answers refusals.
 *
 * @example
 * ```ts
 * import { Controller, Get, Module } from '@nestjs/common';
 * import type { Principal } from 'gatehouse-auth';
 * import { Accept, AuthModule, CurrentPrincipal, Public, RequireRole } from 'gatehouse-auth/nest';
 *
 * @Controller('invoices')
 * export class InvoicesController {
 *   @Get()
 *   @RequireRole('invoice-reader')
 *   list(@CurrentPrincipal() principal: Principal) {
 *     return { of: principal.subject };
 *   }
 *
 *   @Get('export')
 *   @Accept('api-key')
 *   export() {
 *     return [];
 *   }
 *
 *   @Get('schema')
 *   @Public()
 *   schema() {
 *     return {};
 *   }
 * }
 *
 * @Module({ imports: [AuthModule.forRoot({ realm: 'invoices' })], controllers: [InvoicesController] })
 * export class AppModule {}
 * ```
 *
 * @module gatehouse-auth/nest
 */
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
