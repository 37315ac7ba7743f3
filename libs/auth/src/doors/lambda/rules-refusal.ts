import { forbidden, malformed, type Refusal } from '../../core/failure.js';
import { methodOverride } from '../forward/forwarded-request.js';
import { readPath } from '../forward/path.js';
import { type RoleRule, ruleFor } from '../forward/role-rules.js';
import type { AuthorizerQuestion } from './authorizer-event.js';
import { isPattern } from './method-arn.js';

/**
 * Returns the refusal by the first rule that covers the method and path of the ARN, which the policy then names;
 * undefined if the rules allow the request.
 */
export function refusalByRules(
  rules: readonly RoleRule[],
  roles: readonly string[],
  question: AuthorizerQuestion,
): Refusal | undefined {
  const path = pathOf(question);
  if ('failure' in path) return path;
  const rule = ruleFor(rules, { method: question.arn.method, path });
  if (!rule) return forbidden('rule');
  return rule.roles?.some((role) => roles.includes(role)) === false
    ? forbidden('role', { roles: rule.roles })
    : undefined;
}

/** Returns the segments of the path, or a refusal if the upstream API could read it differently. */
function pathOf({ arn, facts }: AuthorizerQuestion): readonly string[] | Refusal {
  const override = methodOverride(facts.header);
  if (override) return override;
  if (isPattern(arn.path)) return malformed('A path with wildcards is not accepted.');
  const asked = readPath(arn.path);
  if (typeof asked === 'string') return malformed(asked);
  const told = readPath(facts.url);
  if (typeof told === 'string') return malformed(told);
  return facts.method === arn.method && endsWith(told, asked)
    ? asked
    : malformed('The method and path of the event differ from those of its ARN.');
}

/**
 * Tells whether the event's path ends with that of the ARN. It begins with the stage, or with the base path of a
 * custom domain.
 */
function endsWith(told: readonly string[], asked: readonly string[]): boolean {
  const [whole, end] = [withoutSlash(told), withoutSlash(asked)];
  return whole.slice(whole.length - end.length).join('/') === end.join('/');
}

const withoutSlash = (path: readonly string[]): readonly string[] =>
  path.at(-1) === '' ? path.slice(0, -1) : path;
