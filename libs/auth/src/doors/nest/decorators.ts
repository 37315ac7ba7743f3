import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Principal } from '../../core/principal.js';
import type { StrategyName } from '../../strategies/index.js';
import type { AuthenticatedRequest } from './authenticated-request.js';

export const publicKeyName = 'gatehouse:public';
export const rolesKeyName = 'gatehouse:roles';
export const acceptKeyName = 'gatehouse:accept';

/** Makes a route, or all routes of a controller, public. Every other route needs a credential. */
export const Public = () => SetMetadata(publicKeyName, true);

/** Admits principals that have at least one of the roles; the others get 403. */
export const RequireRole = (...roles: [string, ...string[]]) => SetMetadata(rolesKeyName, roles);

/** Admits only credentials of these strategies; each must be enabled by AUTH_STRATEGY. Others get 401. */
export const Accept = (...strategies: [StrategyName, ...StrategyName[]]) =>
  SetMetadata(acceptKeyName, strategies);

/** Injects the verified principal into a handler parameter. */
export const CurrentPrincipal = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Principal => {
    const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (!principal)
      throw new Error('@CurrentPrincipal() was used on a route that the credential guard does not guard');
    return principal;
  },
);
