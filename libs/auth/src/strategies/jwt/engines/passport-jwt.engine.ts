import { Strategy as PassportJwt } from 'passport-jwt';
import type { SignatureEngine, SignedToken } from './engine.js';

/**
 * Verifies with passport-jwt, without a request and for the signature only. Its clock, claim checks and key look-up
 * are off: times are judged by the injected clock, and an unavailable key must not look like an invalid token.
 */
export const passportJwtEngine: SignatureEngine = (token) => new Run(token).verify();

class Run extends PassportJwt {
  private holds = false;

  constructor({ text, alg, key }: SignedToken) {
    super(
      {
        jwtFromRequest: () => text,
        // A KeyObject avoids parsing the PEM for every token; the published types allow only text.
        secretOrKeyProvider: (_request, _text, done) => void Reflect.apply(done, undefined, [null, key.key]),
        algorithms: [alg],
        ignoreExpiration: true,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else switches its check of nbf off.
        jsonWebTokenOptions: { ignoreNotBefore: true },
      },
      (payload, done) => done(null, payload),
    );
  }

  /** Runs without a request, because none of the options above reads it. */
  verify(): boolean {
    this.authenticate(undefined as never);
    return this.holds;
  }

  override success(): void {
    this.holds = true;
  }

  override fail(): void {
    // It does not hold until success says so.
  }
}
