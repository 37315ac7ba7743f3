import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name by which faults and the request log know the route. */
    operation?: string;
  }
}

/** What an unknown request is called: its method and path, without the query, which may hold secrets. */
export const nameOf = (request: FastifyRequest): string =>
  request.routeOptions.config.operation ??
  `${request.method} ${(request.url.split('?')[0] ?? '').slice(0, 200)}`;
