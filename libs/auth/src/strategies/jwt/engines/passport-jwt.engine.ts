import { Strategy as PassportJwt } from 'passport-jwt';
import type { SignatureEngine, SignedToken } from './engine.js';

/**
 * Verifies with passport-jwt, run without a request and for the signature only. Its own clock, claim checks and key
 * look-up stay off: times are judged on the injected clock, and a key that cannot be had must not look like a bad token.
 */
export const passportJwtEngine: SignatureEngine = (token) => new Run(token).verify();

class Run extends PassportJwt {
  private holds = false;

  constructor({ text, alg, key }: SignedToken) {
    super(
      {
        jwtFromRequest: () => text,
        // A KeyObject spares parsing the PEM again for every token; the published types know only text.
        secretOrKeyProvider: (_request, _text, done) => void Reflect.apply(done, undefined, [null, key.key]),
        algorithms: [alg],
        ignoreExpiration: true,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else switches its check of nbf off.
        jsonWebTokenOptions: { ignoreNotBefore: true },
      },
      (payload, done) => done(null, payload),
    );
  }

  /** Nothing above looks at the request, so there is none. */
  verify(): boolean {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- bound by the call itself.
    Reflect.apply(this.authenticate, this, []);
    return this.holds;
  }

  override success(): void {
    this.holds = true;
  }

  override fail(): void {
    this.holds = false;
  }

  override error(error: Error): void {
    throw error;
  }
}
