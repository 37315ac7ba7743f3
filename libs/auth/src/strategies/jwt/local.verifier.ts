import type { Clock } from '#gatehouse/platform';
import type { KeyObject } from 'node:crypto';
import { Strategy as PassportJwt, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { rejected, unavailable } from '../../core/failure.js';
import type { Verdict } from '../../core/strategy.js';
import { notAToken } from './bearer.js';
import { readCompactToken } from './compact-token.js';
import type { KeySource } from './key-source.js';
import type { PublicKey } from './public-key.js';
import {
  acceptedAlgorithms,
  headerProblem,
  judgeClaims,
  type TokenExpectation,
} from './token-expectation.js';

interface Signed {
  readonly token: string;
  readonly key: PublicKey;
}

/**
 * passport-jwt, run headless and for the signature only. Its own clock, claim checks and key look-up stay off: times
 * are judged on the injected clock, and a key that cannot be had must not look like a bad token.
 */
const options = {
  jwtFromRequest: (signed: Signed) => signed.token,
  // A KeyObject spares parsing the PEM again for every token; the published types know only text.
  secretOrKeyProvider: (signed: Signed, _token: string, done: (error: null, key: KeyObject) => void) =>
    done(null, signed.key.key),
  algorithms: [...acceptedAlgorithms],
  ignoreExpiration: true,
  jsonWebTokenOptions: { ignoreNotBefore: true },
};
const engine = new PassportJwt(
  options as unknown as StrategyOptionsWithoutRequest,
  (payload: object, done: (error: null, user: object) => void) => done(null, payload),
);

function signatureHolds(signed: Signed): boolean {
  let holds = false;
  const run = Object.create(engine) as PassportJwt;
  run.success = () => (holds = true);
  run.fail = () => (holds = false);
  run.error = (error: unknown) => {
    throw error;
  };
  run.authenticate(signed as unknown as Parameters<PassportJwt['authenticate']>[0]);
  return holds;
}

export interface LocalVerifierSettings {
  readonly keys: KeySource;
  /** Undefined until the issuer is known. */
  readonly expectation: () => TokenExpectation | undefined;
  readonly clock: Clock;
}

export type LocalVerify = (token: string) => Promise<Verdict>;

/**
 * Verifies an access token without asking FusionAuth. Everything the token says is judged before a key is looked up, so
 * hostile tokens cost neither a signature check nor a fetch; `forbidden` is answered only behind a good signature.
 */
export function localVerifier({ keys, expectation, clock }: LocalVerifierSettings): LocalVerify {
  return async (token) => {
    const parts = readCompactToken(token);
    if (!parts) return notAToken(token);
    const expected = expectation();
    if (!expected) return unavailable('discovery');
    const problem = headerProblem(parts.header);
    if (problem) return rejected(problem);
    const verdict = judgeClaims(parts.claims, expected, clock);
    if (!verdict.ok && verdict.failure.kind === 'rejected') return verdict;
    const found = await keys.find(parts.header['kid'] as string);
    if (found.kind === 'unavailable') return unavailable('key set');
    if (found.kind === 'unknown') return rejected('unknown-key');
    if (!found.key.algorithms.includes(parts.header['alg'] as string)) return rejected('algorithm-of-key');
    return signatureHolds({ token, key: found.key }) ? verdict : rejected('signature');
  };
}
