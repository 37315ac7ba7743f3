import type { FastifyRequest } from 'fastify';
import type { Answer } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Handler = (request: ApiRequest, instance: Instance) => Answer | Promise<Answer>;
/** Global: a key that is not bound to one tenant. */
export type Access = 'anyone' | 'api-key' | 'global-api-key';

export interface Operation {
  /** Method and fixed path, `GET /api/user` for example: what faults and the request log go by. */
  readonly name: string;
  readonly method: Method;
  /** In Fastify's notation. */
  readonly path: string;
  /** The path without ids, `/api/entity/grant` for example: what API key permissions are granted for. */
  readonly endpoint: string;
  readonly access: Access;
  readonly handle: Handler;
  /** What it keeps has no effect on anything. */
  readonly inert?: true;
  /** It takes no body, and lets a browser call it with one of plain text, or with none of that type. */
  readonly ignoresText?: true;
}

export function operation(method: Method, path: string, access: Access, handle: Handler): Operation {
  const endpoint = path.replace(/\/:[^/]+/g, '');
  return { name: `${method} ${endpoint}`, method, path, endpoint, access, handle };
}

/** The path, or where its last id may be left out both of the paths it stands for. */
export const templatesOf = (path: string): string[] =>
  path.endsWith('?') ? [path.replace(/\/:\w+\?$/, ''), path.slice(0, -1)] : [path];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name of the route for faults and the request log. */
    operation?: string;
    ignoresText?: boolean;
  }
}

/** What an unknown request is called: its method and path, without the query, which may hold secrets. */
export const nameOf = (request: FastifyRequest): string =>
  request.routeOptions.config.operation ??
  `${request.method} ${(request.url.split('?')[0] ?? '').slice(0, 200)}`;
