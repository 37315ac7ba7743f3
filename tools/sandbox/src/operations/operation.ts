import type { FastifyRequest } from 'fastify';
import type { Answer } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Handler = (request: ApiRequest, instance: Instance) => Answer | Promise<Answer>;
/** `global-api-key`: a key that is not bound to one tenant. */
export type Access = 'anyone' | 'api-key' | 'global-api-key';

export interface Operation {
  /** Method and fixed path, `GET /api/user` for example: the name that faults and the request log use. */
  readonly name: string;
  readonly method: Method;
  /** In Fastify's notation. */
  readonly path: string;
  /** The path without ids, `/api/entity/grant` for example: the name that API key permissions use. */
  readonly endpoint: string;
  readonly access: Access;
  readonly handle: Handler;
  /** True if the things it stores have no effect. */
  readonly inert?: true;
  /** True for an operation without a body, which a browser may call with `text/plain` or without a content type. */
  readonly ignoresText?: true;
}

export function operation(method: Method, path: string, access: Access, handle: Handler): Operation {
  const endpoint = endpointOf(path);
  return { name: `${method} ${endpoint}`, method, path, endpoint, access, handle };
}

/** Returns the path without its ids. */
export const endpointOf = (path: string): string => path.replace(/\/:[^/]+/g, '');

/** The operations on one kind of thing; a kind may lack some. */
interface Handlers {
  readonly create?: Handler;
  /** `GET` one by its id or, without an id, all. */
  readonly retrieve?: Handler;
  /** `GET` by id only. */
  readonly retrieveOne?: Handler;
  readonly search?: Handler;
  readonly update?: Handler;
  readonly patch?: Handler;
  readonly remove?: Handler;
  /** The right that a search needs, where it is another. */
  readonly searchAccess?: Access;
}

/** Returns the operations on a kind of thing; their paths follow one pattern. `id` is the name of the id in the path. */
export function operationsOn(
  path: string,
  id: string,
  access: Access,
  { create, retrieve, retrieveOne, search, update, patch, remove, searchAccess = access }: Handlers,
): Operation[] {
  const one = `${path}/:${id}`;
  return [
    ...(create ? [operation('POST', `${one}?`, access, create)] : []),
    ...(retrieve ? [operation('GET', `${one}?`, access, retrieve)] : []),
    ...(retrieveOne ? [operation('GET', one, access, retrieveOne)] : []),
    ...(search ? [operation('POST', `${path}/search`, searchAccess, search)] : []),
    ...(search ? [operation('GET', `${path}/search`, searchAccess, search)] : []),
    ...(update ? [operation('PUT', one, access, update)] : []),
    ...(patch ? [operation('PATCH', one, access, patch)] : []),
    ...(remove ? [operation('DELETE', one, access, remove)] : []),
  ];
}

/** Returns the path, or both of its forms where its last id is optional. */
export const templatesOf = (path: string): string[] =>
  path.endsWith('?') ? [path.replace(/\/:\w+\?$/, ''), path.slice(0, -1)] : [path];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The name of the route for faults and the request log. */
    operation?: string;
    ignoresText?: boolean;
  }
}

/** Returns the name of a request in faults and the log; unknown paths share one, because there is no end of them. */
export const nameOf = ({ method, routeOptions }: FastifyRequest): string =>
  routeOptions.config.operation ?? `${method} (unknown path)`;
