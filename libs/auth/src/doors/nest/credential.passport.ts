import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import type { Authenticator } from '../../build-authenticator.js';
import type { Principal } from '../../core/principal.js';
import { admit, AUTHENTICATOR } from './admission.js';
import type { AuthenticatedRequest } from './authenticated-request.js';

type Done = (error: unknown, principal?: Principal | null) => void;

/**
 * A Passport strategy that only hands the request on. It succeeds or errs; it never fails, so Passport never sends a
 * response.
 */
class HandsOn extends passport.Strategy {
  constructor(private readonly handOn: (request: AuthenticatedRequest, done: Done) => void) {
    super();
  }

  override authenticate(request: unknown): void {
    this.handOn(request as AuthenticatedRequest, (error, principal) => {
      if (principal) this.success(principal);
      else this.error(error);
    });
  }
}

/**
 * The guard as a Passport strategy named `credential`, for applications that use `AuthGuard('credential')`. Its
 * errors are {@link ProblemError}s, which the failure filter sends.
 */
@Injectable()
export class CredentialPassport extends PassportStrategy(HandsOn, 'credential') {
  constructor(@Inject(AUTHENTICATOR) private readonly authenticator: Authenticator) {
    super();
  }

  async validate(request: AuthenticatedRequest): Promise<Principal> {
    return request.principal ?? admit(this.authenticator, request);
  }
}
