import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isForTheSandbox } from './console/own-paths.js';
import type { Instance } from './instance.js';
import { current, systemConfiguration } from './stored/singletons.js';
import type { CorsConfiguration } from './wire.js';

/**
 * Applies the `corsConfiguration` of the system configuration to cross-origin calls. When off, which is the default,
 * all of them are refused with 403. When on, a call is refused unless its origin, method and headers are allowed.
 */
export function obeyCors(server: FastifyInstance, instance: Instance): void {
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    const own = `${request.protocol}://${request.host}`;
    if (origin === undefined || origin === own || isForTheSandbox(request.url)) return;
    const requestedMethod =
      request.method === 'OPTIONS' ? request.headers['access-control-request-method'] : undefined;
    const rules = rulesOf(instance);
    if (rules.enabled !== true) return reply.code(403).send();
    if (
      !allows(
        rules,
        origin,
        requestedMethod ?? request.method,
        requestedMethod === undefined ? [] : requestedHeaders(request),
      )
    )
      return reply.code(403).send();

    announce(reply, rules, origin);
    if (requestedMethod !== undefined) return preflight(reply, rules);
  });
}

const rulesOf = (instance: Instance): CorsConfiguration =>
  (current(systemConfiguration, instance) as { corsConfiguration?: CorsConfiguration }).corsConfiguration ??
  {};

function allows(
  rules: CorsConfiguration,
  origin: string,
  method: string,
  headers: readonly string[],
): boolean {
  const { allowedOrigins = [], allowedMethods = [], allowedHeaders = [] } = rules;
  const known = new Set(allowedHeaders.map((name) => name.toLowerCase()));
  return (
    (allowedOrigins.includes('*') || allowedOrigins.includes(origin)) &&
    allowedMethods.some((allowed) => allowed === method) &&
    headers.every((name) => known.has(name))
  );
}

const requestedHeaders = ({ headers }: FastifyRequest): string[] =>
  (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');

function announce(reply: FastifyReply, rules: CorsConfiguration, origin: string): void {
  reply.header('access-control-allow-origin', origin).header('vary', 'Origin');
  if (rules.allowCredentials) reply.header('access-control-allow-credentials', 'true');
  if (rules.exposedHeaders?.length)
    reply.header('access-control-expose-headers', rules.exposedHeaders.join(', '));
}

function preflight(reply: FastifyReply, rules: CorsConfiguration): FastifyReply {
  const { allowedMethods = [], allowedHeaders = [], preflightMaxAgeInSeconds = 0 } = rules;
  reply.header('access-control-allow-methods', allowedMethods.join(', '));
  if (allowedHeaders.length > 0) reply.header('access-control-allow-headers', allowedHeaders.join(', '));
  if (preflightMaxAgeInSeconds > 0) reply.header('access-control-max-age', preflightMaxAgeInSeconds);
  return reply.code(200).send();
}
