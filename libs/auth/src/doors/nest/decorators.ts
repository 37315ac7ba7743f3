import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Principal } from '../../core/principal.js';
import type { StrategyName } from '../../strategies/index.js';
import type { AuthenticatedRequest } from './authenticated-request.js';

export const publicKeyName = 'gatehouse:public';
export const rolesKeyName = 'gatehouse:roles';
export const acceptKeyName = 'gatehouse:accept';

/** Opens a route, or all routes of a controller, to everyone. Without it every route asks for a credential. */
export const Public = () => SetMetadata(publicKeyName, true);

/** Admits principals that have at least one of the roles; the others get 403. */
export const RequireRole = (...roles: [string, ...string[]]) => SetMetadata(rolesKeyName, roles);

/** Admits credentials of these strategies only, of those that AUTH_STRATEGY enables; a credential of another gets 401. */
export const Accept = (...strategies: [StrategyName, ...StrategyName[]]) =>
  SetMetadata(acceptKeyName, strategies);

/** Hands the verified identity to a handler parameter. */
export const CurrentPrincipal = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Principal => {
    const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (!principal)
      throw new Error('@CurrentPrincipal() was used on a route that the credential guard does not guard');
    return principal;
  },
);
