import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../../build-authenticator.js';
import { andThen, type Awaitable } from '../../core/awaitable.js';
import { forbidden, rejected } from '../../core/failure.js';
import type { Principal } from '../../core/principal.js';
import { factsOf, stripper } from '../node/facts.js';
import { type AuthenticatedRequest, requestIdOf } from './authenticated-request.js';

/** Injection token of the {@link Authenticator}. */
export const AUTHENTICATOR = Symbol('Authenticator');

/**
 * Returns the principal of a credential that one of the strategies in `only`, or any strategy if it is absent,
 * accepts, and strips the credential from the request. Throws, or rejects with, the {@link ProblemError} that the
 * failure filter sends.
 */
export function admit(
  authenticator: Authenticator,
  request: AuthenticatedRequest,
  only?: readonly string[],
): Awaitable<Principal> {
  const message = request.raw ?? (request as unknown as IncomingMessage);
  const facts = factsOf(message, { requestId: requestIdOf(request) ?? '', address: request.ip });
  return andThen(authenticator.authenticate(facts, only), ({ verdict, headers }) => {
    if (!verdict.ok) throw authenticator.answer(verdict.failure, headers);
    if (headers) request.answerHeaders = headers;
    stripperOf(authenticator)(message);
    return verdict.principal;
  });
}

/**
 * Throws 401 if the credential was not verified by one of the `accepted` strategies, and 403 if the principal has
 * none of `roles`; undefined allows all. Runs on every request and is never cached with the verdict.
 */
export function authorize(
  authenticator: Authenticator,
  principal: Principal,
  { accepted, roles }: { accepted?: readonly string[] | undefined; roles?: readonly string[] | undefined },
): void {
  if (accepted && !accepted.includes(principal.via))
    throw authenticator.answer(rejected('other-strategy').failure);
  if (roles && !roles.some((role) => principal.roles.includes(role)))
    throw authenticator.answer(forbidden('role', { roles }).failure);
}

const strippers = new WeakMap<Authenticator, ReturnType<typeof stripper>>();

function stripperOf(authenticator: Authenticator): ReturnType<typeof stripper> {
  let strip = strippers.get(authenticator);
  if (!strip) strippers.set(authenticator, (strip = stripper(authenticator.consumes)));
  return strip;
}
