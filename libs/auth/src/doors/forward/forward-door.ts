import type { IncomingMessage } from 'node:http';
import { ProblemError } from '#gatehouse/platform';
import type { Authenticator } from '../../build-authenticator.js';
import type { Outcome } from '../../core/authenticator.js';
import { andThen, type Awaitable } from '../../core/awaitable.js';
import type { RequestFacts } from '../../core/facts.js';
import { forbidden, malformed, type Refusal, unavailable } from '../../core/failure.js';
import type { Principal } from '../../core/principal.js';
import { trustsProxy } from '../caller-address.js';
import { factsOf } from '../node/facts.js';
import {
  type ForwardedForm,
  type ForwardedRequest,
  forwardedRequest,
  type HeaderFamily,
} from './forwarded-request.js';
import { claimedIdentity, identityOf, noIdentity } from './identity-headers.js';
import { nameHosts, type RoleRule, ruleFor } from './role-rules.js';

export interface ForwardSettings {
  /** Addresses and networks of the proxies that may send requests. */
  readonly trustedProxies: readonly string[];
  readonly headers: HeaderFamily;
  /**
   * Who may do what. Undefined lets every accepted caller do everything; with rules, a request that no rule covers is
   * refused.
   */
  readonly rules?: readonly RoleRule[] | undefined;
}

/**
 * The answer to the proxy: the headers of a 200 with an empty body, or the problem that its client gets in place of
 * the API's response.
 */
export type ForwardVerdict =
  | { readonly headers: Readonly<Record<string, string>>; readonly principal?: Principal }
  | { readonly problem: ProblemError };

/**
 * Judges the request that a proxy describes. `address` is the framework's reading of X-Forwarded-For. Never throws;
 * synchronous on a cache hit.
 */
export type ForwardDoor = (
  question: IncomingMessage,
  identified: { readonly requestId: string; readonly address?: string | undefined },
) => Awaitable<ForwardVerdict>;

export function forwardDoor(authenticator: Authenticator, settings: ForwardSettings): ForwardDoor {
  const isTrusted = trustsProxy(settings.trustedProxies);
  const form = { family: settings.headers, withHost: nameHosts(settings.rules ?? []) };
  const refuse = ({ failure }: Refusal, headers?: Outcome['headers']): ForwardVerdict => ({
    problem: authenticator.answer(failure, headers),
  });
  const admit = (principal: Principal, forwarded: ForwardedRequest): ForwardVerdict => {
    const rule = settings.rules && ruleFor(settings.rules, forwarded);
    if (settings.rules && !rule) return { problem: notCovered() };
    if (rule?.roles?.some((role) => principal.roles.includes(role)) === false)
      return refuse(forbidden('role', { roles: rule.roles }));
    const identity = identityOf(principal);
    return identity
      ? { headers: identity, principal }
      : refuse(unavailable('identity', { blame: 'ourselves' }));
  };
  return (question, identified) => {
    const facts = factsOf(question, identified);
    if (!isTrusted(facts.peer ?? '')) return { problem: notTrusted() };
    const forwarded = described(question, facts, form);
    if ('failure' in forwarded) return refuse(forwarded);
    const { method, url } = forwarded;
    return andThen(authenticator.authenticate({ ...facts, method, url }), ({ verdict, headers }) => {
      if (verdict.ok) return withHeaders(admit(verdict.principal, forwarded), headers);
      const passes = verdict.failure.kind === 'missing' && isPreflight(facts, method);
      return passes ? { headers: noIdentity } : refuse(verdict, headers);
    });
  };
}

/** Returns the request that the proxy describes, unless another header of it claims an identity. */
function described(question: IncomingMessage, facts: RequestFacts, form: ForwardedForm) {
  const claimed = claimedIdentity(question.rawHeaders);
  return claimed === undefined
    ? forwardedRequest(facts, form)
    : malformed(`The header ${claimed} is not accepted: remove it.`);
}

/** Adds the headers about the client's limits to an acceptance too. */
const withHeaders = (verdict: ForwardVerdict, more: Outcome['headers'] = {}): ForwardVerdict =>
  'headers' in verdict ? { ...verdict, headers: { ...more, ...verdict.headers } } : verdict;

export const notTrusted = () =>
  new ProblemError(
    403,
    'untrusted_proxy',
    'Only a trusted proxy may send requests here: list its address in TRUSTED_PROXIES of this server.',
  );

const notCovered = () =>
  new ProblemError(
    403,
    'insufficient_scope',
    'No rule allows this method at this host and path, for any role.',
  );

/**
 * Tells whether this is a CORS preflight, which a browser sends before a cross-origin request and cannot put a
 * credential on (Fetch standard, CORS-preflight fetch); the API answers it. A request with a credential is not a
 * preflight, and is judged.
 */
function isPreflight({ header }: RequestFacts, method: string): boolean {
  return (
    method === 'OPTIONS' &&
    header('origin').length === 1 &&
    header('access-control-request-method').length === 1
  );
}
