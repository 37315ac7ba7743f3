import { runInNewContext } from 'node:vm';
import type { Instance } from '../instance.js';

export type Claims = Record<string, unknown>;

// Wall-clock time: a busy machine must not fail a lambda that takes a millisecond.
const timeLimitMs = 3000;

/** The lambda to run, and its arguments. */
interface Run {
  /** Undefined for no lambda. */
  readonly lambdaId: string | undefined;
  readonly claims: Claims;
  readonly user: object;
  readonly registration: object | undefined;
  readonly scopes: readonly string[];
}

/**
 * Runs a JWTPopulate lambda, `populate(jwt, user, registration, context)`, over the claims and returns the changed
 * claims. A claim set to null is removed; reserved claims cannot change, except that `exp` can become earlier (JWT
 * Populate Lambda). Of a lambda that throws, or runs longer than three seconds, no change is applied: the token is
 * issued without it (Lambdas Overview, Exceptions).
 */
export function populate(instance: Instance, { lambdaId, claims, user, registration, scopes }: Run): Claims {
  const parameters = [user, registration, { scopes }];
  return populated(instance, lambdaId, claims, parameters, (after) => keepReserved(claims, after));
}

/**
 * Runs a UserInfoPopulate lambda, `populate(userInfo, user, registration, jwt)`, over the claims of the userinfo
 * endpoint; four claims are reserved (UserInfo Populate Lambda). A lambda that throws changes nothing.
 */
export function populateUserinfo(
  instance: Instance,
  { lambdaId, claims, user, registration }: Omit<Run, 'scopes'>,
  jwt: Claims,
): Claims {
  const { email, email_verified, sub, tid } = claims;
  return populated(instance, lambdaId, claims, [user, registration, jwt], (after) =>
    present({ ...after, email, email_verified, sub, tid }),
  );
}

function populated(
  instance: Instance,
  lambdaId: string | undefined,
  claims: Claims,
  parameters: readonly unknown[],
  restore: (after: Claims) => Claims,
): Claims {
  const lambda = lambdaId === undefined ? undefined : instance.state.lambdas.get(lambdaId);
  if (!lambda) return claims;
  try {
    return restore(changedBy(lambda.body, [claims, ...parameters]));
  } catch (err) {
    instance.log.warn({ err, lambdaId }, 'a lambda failed, so its changes are not applied');
    return claims;
  }
}

/**
 * Runs the body of a lambda in `node:vm`, for the time limit: an endless loop must not hang the sandbox. Only text is
 * passed in and out, so a lambda gets no object of the sandbox. It is the operator's own code and not confined further.
 */
function changedBy(body: string, parameters: readonly unknown[]): Claims {
  // The block lets the lambda declare any name.
  const script = `
    const console = { debug() {}, info() {}, log() {}, error() {} };
    ${body}
    ;{
      const parameters = JSON.parse(${JSON.stringify(JSON.stringify(parameters))}).map((one) => one ?? undefined);
      populate(...parameters);
      JSON.stringify(parameters[0]);
    }`;
  const output = runInNewContext(script, Object.create(null) as object, {
    timeout: timeLimitMs,
    microtaskMode: 'afterEvaluate',
  }) as string;
  return JSON.parse(output) as Claims;
}

const reserved = ['amr', 'auth_time', 'cnf', 'gty', 'iat', 'sub', 'tid', 'tty'];

function keepReserved(before: Claims, after: Claims): Claims {
  const { exp } = before;
  const shortened = typeof after['exp'] === 'number' && after['exp'] < Number(exp) ? after['exp'] : exp;
  const kept = Object.fromEntries(reserved.map((name) => [name, before[name]]));
  return present({ ...after, ...kept, exp: shortened });
}

const present = (claims: Claims): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null && value !== undefined));
