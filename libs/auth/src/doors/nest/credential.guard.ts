import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { andThen, type Awaitable } from '../../core/awaitable.js';
import type { Authenticator } from '../../build-authenticator.js';
import { rejected } from '../../core/failure.js';
import type { Principal } from '../../core/principal.js';
import { admit, AUTHENTICATOR, requireRole } from './admission.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { routeRules, type RouteRules } from './route-rules.js';

/** Closed by default: every route needs a credential unless it is `@Public()`, and a role where `@RequireRole()` says so. */
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

  /** Answers at once, without a promise, where the credential is known. */
  canActivate(context: ExecutionContext): Awaitable<boolean> {
    const { open, roles } = this.rulesOf(context);
    // A guard that somebody put on the route by name is meant, whatever the route or its controller says beside it.
    if (open && this.only === undefined) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const admitted = request.principal ?? admit(this.authenticator, request, this.only);
    return andThen(admitted, (principal) => {
      request.principal = principal;
      if (request.answerHeaders) this.setHeaders(context, request.answerHeaders);
      this.authorize(principal, roles);
      return true;
    });
  }

  /** Decided anew on every request, never remembered with the verdict. */
  private authorize(principal: Principal, roles: readonly string[] | undefined): void {
    // A guard in front may have admitted another strategy's credential.
    if (this.only?.includes(principal.via) === false)
      throw this.authenticator.answer(rejected('other-strategy').failure);
    requireRole(this.authenticator, principal, roles);
  }

  private setHeaders(context: ExecutionContext, headers: Readonly<Record<string, string>>): void {
    const answer = context.switchToHttp().getResponse<unknown>();
    for (const [name, value] of Object.entries(headers)) this.host.httpAdapter.setHeader(answer, name, value);
  }
}

/** Admits only credentials of one strategy, for routes of an API that accepts several. */
@Injectable()
export class JwtGuard extends CredentialGuard {
  protected override readonly only = ['jwt'];
}

/** As {@link JwtGuard}. */
@Injectable()
export class ApiKeyGuard extends CredentialGuard {
  protected override readonly only = ['api-key'];
}

/** As {@link JwtGuard}. */
@Injectable()
export class EmailTokenGuard extends CredentialGuard {
  protected override readonly only = ['email-token'];
}
