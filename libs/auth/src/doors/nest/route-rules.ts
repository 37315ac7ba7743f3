import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { publicKeyName, rolesKeyName } from './decorators.js';

/** What the decorators say of a route. */
export interface RouteRules {
  readonly open: boolean;
  /** Roles of which one is needed; undefined when any principal will do. */
  readonly roles: readonly string[] | undefined;
}

/** Reads the rules of each route once: decorators do not change, and reflection would be a third of the guard's cost. */
export function routeRules(reflector: Reflector): (context: ExecutionContext) => RouteRules {
  const known = new WeakMap<object, WeakMap<object, RouteRules>>();
  return (context) => {
    const [handler, controller] = [context.getHandler(), context.getClass()];
    // A handler that two controllers inherit may have other rules in each.
    let ofController = known.get(controller);
    if (!ofController) known.set(controller, (ofController = new WeakMap()));
    let rules = ofController.get(handler);
    if (!rules) ofController.set(handler, (rules = read(reflector, [handler, controller])));
    return rules;
  };
}

const read = (reflector: Reflector, targets: Parameters<Reflector['getAllAndOverride']>[1]): RouteRules => ({
  open: reflector.getAllAndOverride<boolean | undefined>(publicKeyName, targets) ?? false,
  roles: reflector.getAllAndOverride<string[] | undefined>(rolesKeyName, targets),
});
