import { documented } from './documented.js';
import { endpointOf, type Method, type Operation, templatesOf } from './operation.js';

/** A path that FusionAuth has, and a method. */
export interface PathAndMethod {
  readonly method: Method;
  /** In Fastify's notation. */
  readonly path: string;
}

/** Operations that the OpenAPI document lacks; the table of API key permissions in FusionAuth's documentation has them. */
const documentedElsewhere: Readonly<Record<string, string>> = {
  '/api/entity/{entityId}/grant': 'PUT',
  '/api/system-configuration': 'POST',
  '/api/user/search': 'PUT',
};

/**
 * Returns the operations that FusionAuth documents and `implemented` lacks. Each needs a route: otherwise a fixed part
 * of its path, `bulk` in `/api/user/bulk` for example, would be parsed as an id of another operation.
 */
export function missing(implemented: readonly Operation[]): PathAndMethod[] {
  const known = new Set(
    implemented.flatMap(({ method, path }) => templatesOf(path).map((one) => `${method} ${shape(one)}`)),
  );
  return [documented, documentedElsewhere].flatMap(Object.entries<string>).flatMap(([template, methods]) => {
    const path = template.replaceAll(/\{(\w+)\}/g, ':$1');
    return (methods.split(' ') as Method[])
      .filter((method) => !known.has(`${method} ${shape(path)}`))
      .map((method) => ({ method, path }));
  });
}

const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Returns the methods that FusionAuth has at no path of an implemented endpoint, with or without ids. It answers them
 * with 405 and an empty body (API Overview, Status Codes).
 */
export function wrongMethods(implemented: readonly Operation[]): PathAndMethod[] {
  const known = new Set(
    [...implemented, ...missing(implemented)].map(({ method, path }) => `${method} ${endpointOf(path)}`),
  );
  const paths = new Map(
    implemented.flatMap(({ path }) => templatesOf(path).map((one) => [shape(one), one] as const)),
  );
  return [...paths.values()].flatMap((path) =>
    methods
      .filter((method) => !known.has(`${method} ${endpointOf(path)}`))
      .map((method) => ({ method, path })),
  );
}

/** Returns the path with the names of its parameters removed. */
const shape = (path: string): string => path.replaceAll(/:\w+/g, ':');
