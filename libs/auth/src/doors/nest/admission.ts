import type { Authenticator } from '../../build-authenticator.js';
import { andThen, type Awaitable } from '../../core/awaitable.js';
import { forbidden } from '../../core/failure.js';
import type { Principal } from '../../core/principal.js';
import { stripper } from '../node/facts.js';
import { factsOfRequest, messageOf, type AuthenticatedRequest } from './authenticated-request.js';

/** Injection token of the {@link Authenticator}. */
export const AUTHENTICATOR = Symbol('Authenticator');

/**
 * Who calls, behind a verified credential, by `only` the strategies named where any are; what was presented is gone from
 * the request then. Throws, or rejects with, the {@link ProblemError} that the failure filter answers.
 */
export const admit = (
  authenticator: Authenticator,
  request: AuthenticatedRequest,
  only?: readonly string[],
): Awaitable<Principal> =>
  andThen(authenticator.authenticate(factsOfRequest(request), only), ({ verdict, headers }) => {
    if (!verdict.ok) throw authenticator.answer(verdict.failure, headers);
    if (headers) request.answerHeaders = headers;
    stripperOf(authenticator)(messageOf(request));
    return verdict.principal;
  });

/** Throws the 403 that belongs to a principal with none of `roles`; undefined admits everybody. Never remembered. */
export function requireRole(
  authenticator: Authenticator,
  principal: Principal,
  roles: readonly string[] | undefined,
): void {
  if (roles && !roles.some((role) => principal.roles.includes(role)))
    throw authenticator.answer(forbidden('role', { roles }).failure);
}

const strippers = new WeakMap<Authenticator, ReturnType<typeof stripper>>();

function stripperOf(authenticator: Authenticator): ReturnType<typeof stripper> {
  let strip = strippers.get(authenticator);
  if (!strip) strippers.set(authenticator, (strip = stripper(authenticator.consumes)));
  return strip;
}
