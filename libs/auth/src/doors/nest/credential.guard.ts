import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  mixin,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import type { Authenticator } from '../../build-authenticator.js';
import { andThen, type Awaitable } from '../../core/awaitable.js';
import type { StrategyName } from '../../strategies/index.js';
import { admit, AUTHENTICATOR, authorize } from './admission.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { type RouteRules, routeRules } from './route-rules.js';

/** Guards every route unless it is `@Public()`. `@Accept()` limits the strategies, `@RequireRole()` asks for a role. */
@Injectable()
export class CredentialGuard implements CanActivate {
  protected readonly only: readonly string[] | undefined;
  private readonly rulesOf: (context: ExecutionContext) => RouteRules;

  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    reflector: Reflector,
    private readonly host: HttpAdapterHost,
  ) {
    this.rulesOf = routeRules(reflector);
  }

  /** Returns synchronously, without a promise, on a cache hit. */
  canActivate(context: ExecutionContext): Awaitable<boolean> {
    const rules = this.rulesOf(context);
    // A guard named on the route takes precedence over any decorator of the route or its controller.
    if (rules.open && this.only === undefined) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const admitted = request.principal ?? admit(this.authenticator, request, this.only);
    return andThen(admitted, (principal) => {
      request.principal = principal;
      if (request.answerHeaders) this.setHeaders(context, request.answerHeaders);
      // An earlier guard may have admitted another strategy's credential.
      authorize(this.authenticator, principal, { accepted: this.only });
      authorize(this.authenticator, principal, rules);
      return true;
    });
  }

  private setHeaders(context: ExecutionContext, headers: Readonly<Record<string, string>>): void {
    const answer = context.switchToHttp().getResponse<unknown>();
    for (const [name, value] of Object.entries(headers)) this.host.httpAdapter.setHeader(answer, name, value);
  }
}

/**
 * Returns a guard for `@UseGuards()` that admits credentials of these strategies only, even on a `@Public()` route.
 * Alone on its route it consults no other strategy; behind the global guard it refuses what that admitted by another.
 */
export function guardAccepting(...only: [StrategyName, ...StrategyName[]]): Type<CredentialGuard> {
  @Injectable()
  class AcceptingGuard extends CredentialGuard {
    protected override readonly only = only;
  }
  return mixin(AcceptingGuard);
}

export const JwtGuard = guardAccepting('jwt');
export const ApiKeyGuard = guardAccepting('api-key');
export const EmailTokenGuard = guardAccepting('email-token');
