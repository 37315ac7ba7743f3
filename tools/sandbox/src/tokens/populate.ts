import { runInNewContext } from 'node:vm';
import type { Instance } from '../instance.js';

export type Claims = Record<string, unknown>;

// Wall-clock time: a busy machine must not fail a lambda that takes a millisecond.
const timeLimitMs = 3000;

/**
 * Runs a JWTPopulate lambda, `populate(jwt, user, registration)`, over the claims and returns the changed claims. A
 * claim set to null is removed; `iat` and `sub` cannot change, and `exp` can only become earlier. Throws what the
 * lambda throws, or when it runs longer than three seconds.
 */
export function populate(
  instance: Instance,
  lambdaId: string | undefined,
  claims: Claims,
  user: object,
  registration: object | undefined,
): Claims {
  const lambda = lambdaId === undefined ? undefined : instance.state.lambdas.get(lambdaId);
  if (!lambda) return claims;
  // node:vm is used for the time limit: an endless loop in a lambda must not hang the sandbox. Only text is passed in
  // and out, so a lambda gets no object of the sandbox. It is the operator's own code and not confined further.
  const input = JSON.stringify([claims, user, registration ?? null]);
  const script = `
    const console = { debug() {}, info() {}, log() {}, error() {} };
    ${lambda.body}
    ;const [jwt, user, registration] = JSON.parse(input);
    populate(jwt, user, registration);
    JSON.stringify(jwt);`;
  const context = Object.assign(Object.create(null) as object, { input });
  const output = runInNewContext(script, context, {
    timeout: timeLimitMs,
    microtaskMode: 'afterEvaluate',
  }) as string;
  return keepReserved(claims, JSON.parse(output) as Claims);
}

function keepReserved(before: Claims, after: Claims): Claims {
  const { iat, sub, exp } = before;
  const shortened = typeof after['exp'] === 'number' && after['exp'] < Number(exp) ? after['exp'] : exp;
  const left = Object.entries({ ...after, iat, sub, exp: shortened }).filter(([, value]) => value !== null);
  return Object.fromEntries(left);
}
