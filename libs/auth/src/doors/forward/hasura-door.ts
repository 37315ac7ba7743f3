import type { IncomingMessage } from 'node:http';
import type { ProblemError } from '#gatehouse/platform';
import type { Authenticator } from '../../build-authenticator.js';
import { andThen, type Awaitable } from '../../core/awaitable.js';
import { forbidden, type Refusal, unavailable } from '../../core/failure.js';
import type { Principal } from '../../core/principal.js';
import { trustsProxy } from '../caller-address.js';
import { factsOf } from '../node/facts.js';
import { notTrusted } from './forward-door.js';
import { identityOf } from './identity-headers.js';

/** Hasura's role that bypasses its permissions. No token or key grants it. */
const unboundRole = 'admin';

/** The session variables that Hasura's permissions may refer to. All values are text. */
export type SessionVariables = Readonly<Record<'X-Hasura-Role' | 'X-Hasura-User-Id', string>>;

export type HasuraVerdict =
  | { readonly variables: SessionVariables; readonly principal: Principal }
  | { readonly problem: ProblemError };

/**
 * Judges the request whose headers Hasura's authentication webhook forwards, in its mode `GET`. Hasura authorizes by
 * role, so the caller must have one: the one named in X-Hasura-Role, or else its first. Never throws.
 */
export type HasuraDoor = (
  question: IncomingMessage,
  identified: { readonly requestId: string; readonly address?: string | undefined },
) => Awaitable<HasuraVerdict>;

export function hasuraDoor(authenticator: Authenticator, trustedProxies: readonly string[]): HasuraDoor {
  const isTrusted = trustsProxy(trustedProxies);
  const refuse = ({ failure }: Refusal, headers?: Readonly<Record<string, string>>): HasuraVerdict => ({
    problem: authenticator.answer(failure, headers),
  });
  return (question, identified) => {
    const facts = factsOf(question, identified);
    if (!isTrusted(facts.peer ?? '')) return { problem: notTrusted() };
    // Hasura does not send the method, so any request may change state: a cookie needs an allowed origin.
    return andThen(authenticator.authenticate({ ...facts, method: 'POST', url: '/' }), (outcome) => {
      const { verdict, headers } = outcome;
      if (!verdict.ok) return refuse(verdict, headers);
      const variables = variablesOf(verdict.principal, facts.header('x-hasura-role'));
      return 'failure' in variables ? refuse(variables) : { variables, principal: verdict.principal };
    });
  };
}

function variablesOf(principal: Principal, asked: readonly string[]): SessionVariables | Refusal {
  const roles = principal.roles.filter((role) => role !== unboundRole);
  const [role = roles[0], ...others] = asked;
  if (role === undefined || others.length > 0 || !roles.includes(role)) return forbidden('role');
  const identity = identityOf(principal);
  return identity
    ? { 'X-Hasura-Role': role, 'X-Hasura-User-Id': identity['X-Auth-Subject'] }
    : unavailable('identity', { blame: 'ourselves' });
}
