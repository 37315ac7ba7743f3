import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { forbidden, rejected } from '../../core/failure.js';
import type { Principal } from '../../core/principal.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { CredentialPassport } from './credential.passport.js';
import { routeRules, type RouteRules } from './route-rules.js';

/**
 * Runs a Passport strategy by the interface that Passport itself uses. `AuthGuard` of @nestjs/passport does the same
 * with sessions, options and a promise chain around it, at ten times the cost of everything else the guard does.
 */
function drive(
  strategy: CredentialPassport,
  request: AuthenticatedRequest,
  only?: string,
): Promise<Principal> {
  return new Promise((resolve, reject) => {
    const run = Object.create(strategy) as CredentialPassport;
    run.success = (principal: unknown) => resolve(principal as Principal);
    run.error = reject;
    run.authenticate(request, only === undefined ? undefined : { only });
  });
}

/** Closed by default: every route needs a credential unless it is `@Public()`, and a role where `@RequireRole()` says so. */
@Injectable()
export class CredentialGuard implements CanActivate {
  protected readonly only: string | undefined;
  private readonly rulesOf: (context: ExecutionContext) => RouteRules;

  constructor(
    private readonly passport: CredentialPassport,
    reflector: Reflector,
    private readonly host: HttpAdapterHost,
  ) {
    this.rulesOf = routeRules(reflector);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { open, roles } = this.rulesOf(context);
    if (open) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    request.principal ??= await drive(this.passport, request, this.only);
    if (request.answerHeaders) this.setHeaders(context, request.answerHeaders);
    const { principal } = request;
    // A guard in front may have admitted another strategy's credential.
    if (this.only !== undefined && principal.via !== this.only) throw this.refuse(rejected('other-strategy'));
    // Decided anew on every request, never remembered with the verdict.
    if (roles && !roles.some((role) => principal.roles.includes(role)))
      throw this.refuse(forbidden('role', { roles }));
    return true;
  }

  private setHeaders(context: ExecutionContext, headers: Readonly<Record<string, string>>): void {
    const answer = context.switchToHttp().getResponse<unknown>();
    for (const [name, value] of Object.entries(headers)) this.host.httpAdapter.setHeader(answer, name, value);
  }

  private refuse({ failure }: ReturnType<typeof rejected>): Error {
    return this.passport.authenticator.answer(failure);
  }
}

/** Admits only credentials of one strategy, for routes of an API that accepts several. */
@Injectable()
export class JwtGuard extends CredentialGuard {
  protected override readonly only = 'jwt';
}

/** As {@link JwtGuard}. */
@Injectable()
export class ApiKeyGuard extends CredentialGuard {
  protected override readonly only = 'api-key';
}

/** As {@link JwtGuard}. */
@Injectable()
export class EmailTokenGuard extends CredentialGuard {
  protected override readonly only = 'email-token';
}
