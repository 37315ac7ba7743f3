import { Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import jwksRsa from 'jwks-rsa';
import { ExtractJwt, Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { answer } from '../answer.js';
import type { GuardSettings, GuardUnderTest } from './guard-under-test.js';

@Controller()
class PassportController {
  @UseGuards(AuthGuard('jwt'))
  @Get('guarded')
  guarded() {
    return answer;
  }
}

/** passport-jwt and jwks-rsa as the documents of both show them: keys cached, fetches limited. */
export function passportGuard(settings: GuardSettings): Promise<GuardUnderTest> {
  const options: StrategyOptionsWithoutRequest = {
    jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
    secretOrKeyProvider: jwksRsa.passportJwtSecret({
      jwksUri: `${settings.fusionAuthUrl}/.well-known/jwks.json`,
      cache: true,
      rateLimit: true,
      jwksRequestsPerMinute: 5,
    }),
    issuer: settings.issuer,
    audience: settings.applicationId,
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

  return Promise.resolve({
    module: { module: PassportJwtModule },
    controller: PassportController,
    calls: () => 0,
  });
}
