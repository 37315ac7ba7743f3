import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import type { Authenticator } from '../../core/build-authenticator.js';
import type { Principal } from '../../core/principal.js';
import { factsOfRequest, forgetCredentials, type AuthenticatedRequest } from './authenticated-request.js';

export const AUTHENTICATOR = Symbol('Authenticator');

type Done = (error: unknown, principal?: Principal | null) => void;

/** A Passport strategy reduced to handing the request on. It succeeds or errs; it never fails, so Passport never answers. */
class HandsOn extends passport.Strategy {
  constructor(
    private readonly handOn: (request: AuthenticatedRequest, only: string | undefined, done: Done) => void,
  ) {
    super();
  }

  override authenticate(request: unknown, options?: { only?: string }): void {
    this.handOn(request as AuthenticatedRequest, options?.only, (error, principal) => {
      if (principal) this.success(principal);
      else this.error(error);
    });
  }
}

/**
 * The guard as a Passport strategy named `credential`, for applications that compose with `AuthGuard('credential')`.
 * Its errors are {@link ProblemError}s that the failure filter answers.
 */
@Injectable()
export class CredentialPassport extends PassportStrategy(HandsOn, 'credential') {
  constructor(@Inject(AUTHENTICATOR) readonly authenticator: Authenticator) {
    super();
  }

  async validate(request: AuthenticatedRequest, only: string | undefined): Promise<Principal> {
    const { verdict, headers } = await this.authenticator.authenticate(factsOfRequest(request), only);
    if (!verdict.ok) throw this.authenticator.answer(verdict.failure, headers);
    if (headers) request.answerHeaders = headers;
    forgetCredentials(request);
    return verdict.principal;
  }
}
