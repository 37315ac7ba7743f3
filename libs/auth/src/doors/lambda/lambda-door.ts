import type { Authenticator } from '../../build-authenticator.js';
import type { Outcome } from '../../core/authenticator.js';
import { type Failure, unavailable } from '../../core/failure.js';
import type { RoleRule } from '../forward/role-rules.js';
import {
  allow,
  type AuthorizerContext,
  contextOf,
  deny,
  type PolicyAnswer,
  type SimpleAnswer,
} from './authorizer-answers.js';
import { type AuthorizerQuestion, readQuestion } from './authorizer-event.js';
import { refusalByRules } from './rules-refusal.js';

export interface LambdaDoorSettings {
  /** The kind of answer of an HTTP API's authorizer; it must agree with `EnableSimpleResponses`. */
  readonly answers: 'simple' | 'policy';
  /** Who may do what, as in forward-auth; undefined: every accepted caller may do everything. */
  readonly rules?: readonly RoleRule[] | undefined;
  /** Whether API Gateway may cache answers: `AuthorizerResultTtlInSeconds` is more than 0. */
  readonly cached: boolean;
}

/**
 * The handler of a Lambda authorizer: takes an event of API Gateway and returns its answer. API Gateway does not
 * cache errors that it throws.
 */
export type LambdaAuthorizer = (event: unknown) => Promise<SimpleAnswer | PolicyAnswer>;

/**
 * Creates a Lambda authorizer for HTTP and REST APIs. It returns a definite verdict as an answer; if the credential
 * could not be checked it throws, which the client sees as 500 and API Gateway never caches as a denial. It never
 * starts the authenticator, whose timers would not run while the function is frozen; the authenticator catches up
 * before each request.
 *
 * Without rules an answer is valid for the whole stage, so that API Gateway may cache it by the credential. With
 * rules it is valid only for the requested method and path, which a simple answer cannot say.
 */
export function lambdaAuthorizer(
  authenticator: Authenticator,
  settings: LambdaDoorSettings,
): LambdaAuthorizer {
  const { answers, rules, cached } = settings;
  if (rules && cached && answers === 'simple')
    throw new Error('A cached simple answer applies to every route: with rules, use policy answers.');

  const scopeOf = ({ arn }: AuthorizerQuestion): string => (rules ? arn.text : arn.stage);
  const accept = (question: AuthorizerQuestion, context: AuthorizerContext) =>
    isSimple(question) ? { isAuthorized: true, context } : allow(scopeOf(question), context);
  const refuse = (question: AuthorizerQuestion, failure: Failure) => {
    throwUnlessRefused(question, failure);
    return isSimple(question) ? { isAuthorized: false } : deny(scopeOf(question));
  };
  const isSimple = ({ format }: AuthorizerQuestion): boolean => format === '2.0' && answers === 'simple';
  return async (event) => {
    const question = readQuestion(event);
    await authenticator.catchUp();
    const { verdict } = await judged(authenticator, question, rules);
    if (!verdict.ok) return refuse(question, verdict.failure);
    const context = contextOf(verdict.principal);
    return context
      ? accept(question, context)
      : refuse(question, unavailable('identity', { blame: 'ourselves' }).failure);
  };
}

async function judged(
  authenticator: Authenticator,
  question: AuthorizerQuestion,
  rules: LambdaDoorSettings['rules'],
): Promise<Outcome> {
  const outcome = await authenticator.authenticate(question.facts);
  const refusal =
    outcome.verdict.ok && rules && refusalByRules(rules, outcome.verdict.principal.roles, question);
  return refusal ? { ...outcome, verdict: refusal } : outcome;
}

/**
 * Throws for a verdict that must not be cached, and for a REST API if another credential could help: API Gateway maps
 * the error message Unauthorized to 401 and every other error to 500 (API Gateway Developer Guide, Lambda
 * authorizers, Output).
 */
function throwUnlessRefused({ api }: AuthorizerQuestion, failure: Failure): void {
  switch (failure.kind) {
    case 'unavailable':
    case 'throttled':
      throw new Error(`The credential could not be checked (${failure.kind}): it may still be valid. Retry.`);
    case 'missing':
    case 'malformed':
    case 'rejected':
      if (api === 'rest') throw new Error('Unauthorized');
      return;
    case 'forbidden':
      return;
  }
}
