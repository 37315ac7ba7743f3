import { type CanActivate, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import type { FastifyInstance, preParsingHookHandler } from 'fastify';
import type { Authenticator } from '../../build-authenticator.js';
import { andThen } from '../../core/awaitable.js';
import { admit, AUTHENTICATOR, authorize } from './admission.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { CredentialGuard } from './credential.guard.js';
import { type Controller, type Handler, readRules, type RouteRules } from './route-rules.js';

/**
 * Judges requests before their bodies are read, on Fastify. Nest runs its guards after parsing, so that a caller
 * without a credential would have its body parsed and get 400, 413 or 415 instead of 401 (RFC 9110 section 15.5.2).
 * The guard stays the authority; it finds the principal on the request and verifies nothing a second time. The guard
 * works alone on Express, for a handler that two controllers give different rules, and when a test replaces it.
 */
@Injectable()
export class EarlyAdmission {
  /** The key of the hook in a route's configuration. Per application, because several may use one controller. */
  readonly #hook = Symbol('gatehouse:admission');

  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    private readonly reflector: Reflector,
    private readonly host: HttpAdapterHost,
    private readonly modules: ModulesContainer,
    @Inject(CredentialGuard) private readonly guard: CanActivate,
  ) {}

  /** Must run before Nest registers its routes. */
  async install(): Promise<void> {
    const { httpAdapter } = this.host;
    if (httpAdapter.getType() !== 'fastify' || !(this.guard instanceof CredentialGuard)) return;
    const { RouteConfig } = await import('@nestjs/platform-fastify');
    for (const [handler, rules] of this.closedHandlers()) {
      const configured = this.reflector.get<object | undefined>(RouteConfig({}).KEY, handler);
      const decorate = RouteConfig({ ...configured, [this.#hook]: this.hookFor(rules) });
      decorate(handler, '', { value: handler });
    }
    httpAdapter.getInstance<FastifyInstance>().addHook('onRoute', (route) => {
      const hook = (route.config as Record<symbol, preParsingHookHandler> | undefined)?.[this.#hook];
      const hooks = [route.preParsing ?? []].flat();
      // The route of HEAD is made from that of GET, and already has its hooks.
      if (hook && !hooks.includes(hook)) route.preParsing = [...hooks, hook];
    });
  }

  /** Returns the handlers that need a credential by the rules of every controller that has them. */
  private closedHandlers(): Map<Handler, RouteRules> {
    const closed = new Map<Handler, RouteRules>();
    const differing = new Set<Handler>();
    for (const [handler, controller] of this.handlers()) {
      const rules = readRules(this.reflector, handler, controller);
      const known = closed.get(handler);
      if (rules.open || (known && JSON.stringify(known) !== JSON.stringify(rules))) differing.add(handler);
      closed.set(handler, rules);
    }
    for (const handler of differing) closed.delete(handler);
    return closed;
  }

  private *handlers(): Iterable<[Handler, Controller]> {
    const scanner = new MetadataScanner();
    const controllers = [...this.modules.values()].flatMap((module) => [...module.controllers.values()]);
    for (const { metatype } of controllers) {
      const controller = metatype as Controller;
      const prototype = controller.prototype as Record<string, Handler>;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        if (handler) yield [handler, controller];
      }
    }
  }

  private hookFor(rules: RouteRules): preParsingHookHandler {
    const { authenticator } = this;
    return (request: unknown, _reply, _payload, done) => {
      const asked = request as AuthenticatedRequest;
      try {
        const judged = andThen(asked.principal ?? admit(authenticator, asked), (principal) => {
          asked.principal = principal;
          authorize(authenticator, principal, rules);
        });
        if (judged instanceof Promise) void judged.then(() => done(), done);
        else done();
      } catch (error) {
        done(error as Error);
      }
    };
  }
}
