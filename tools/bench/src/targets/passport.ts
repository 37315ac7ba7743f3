import { Injectable, Module } from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import jwksRsa from 'jwks-rsa';
import { ExtractJwt, Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import type { IssuerSettings } from './auth-config.js';

/** passport-jwt and jwks-rsa, set up as the documents of both show: keys cached, fetches limited. */
export function passportGuard({ fusionAuthUrl, issuer, applicationId }: IssuerSettings) {
  const options: StrategyOptionsWithoutRequest = {
    jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
    secretOrKeyProvider: jwksRsa.passportJwtSecret({
      jwksUri: `${fusionAuthUrl}/.well-known/jwks.json`,
      cache: true,
      rateLimit: true,
      jwksRequestsPerMinute: 5,
    }),
    issuer,
    audience: applicationId,
    algorithms: ['RS256'],
  };

  @Injectable()
  class JwtStrategy extends PassportStrategy(Strategy) {
    constructor() {
      super(options);
    }

    validate(payload: object): object {
      return payload;
    }
  }

  @Module({ imports: [PassportModule], providers: [JwtStrategy] })
  class PassportJwtModule {}

  return { imports: [PassportJwtModule], guard: AuthGuard('jwt') };
}
