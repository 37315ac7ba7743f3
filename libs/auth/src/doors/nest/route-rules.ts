import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { acceptKeyName, publicKeyName, rolesKeyName } from './decorators.js';

export type Handler = ReturnType<ExecutionContext['getHandler']>;
export type Controller = ReturnType<ExecutionContext['getClass']>;

/** The rules that the decorators give a route. */
export interface RouteRules {
  readonly open: boolean;
  /** The roles: the caller needs one of them. Undefined if any principal may call the route. */
  readonly roles: readonly string[] | undefined;
  /** Names of the strategies whose credentials are accepted; undefined if those of all enabled ones are. */
  readonly accepted: readonly string[] | undefined;
}

/**
 * Reads the rules of each route once: decorators do not change, and reflection would be a third of the guard's cost.
 */
export function routeRules(reflector: Reflector): (context: ExecutionContext) => RouteRules {
  const known = new WeakMap<object, WeakMap<object, RouteRules>>();
  return (context) => {
    const [handler, controller] = [context.getHandler(), context.getClass()];
    // A handler that two controllers inherit may have different rules in each.
    let ofController = known.get(controller);
    if (!ofController) known.set(controller, (ofController = new WeakMap()));
    let rules = ofController.get(handler);
    if (!rules) ofController.set(handler, (rules = readRules(reflector, handler, controller)));
    return rules;
  };
}

/**
 * Reads the rules of a handler. Its decorators take precedence over those of its controller; in one place, the
 * stricter decorator wins.
 */
export function readRules(reflector: Reflector, handler: Handler, controller: Controller): RouteRules {
  const listed = (key: string, of: Handler | Controller) => reflector.get<string[] | undefined>(key, of);
  const opens = (of: Handler | Controller) => reflector.get<boolean | undefined>(publicKeyName, of) ?? false;
  const narrows = (of: Handler | Controller) =>
    [rolesKeyName, acceptKeyName].some((key) => listed(key, of) !== undefined);
  const nearest = (key: string) => listed(key, handler) ?? listed(key, controller);
  return {
    open: !narrows(handler) && (opens(handler) || (opens(controller) && !narrows(controller))),
    roles: nearest(rolesKeyName),
    accepted: nearest(acceptKeyName),
  };
}
