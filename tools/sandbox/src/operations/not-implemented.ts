import { documented } from './documented.js';
import { type Method, type Operation, templatesOf } from './operation.js';

/** A documented operation that the sandbox answers with 501. */
export interface Missing {
  readonly method: Method;
  /** In Fastify's notation. */
  readonly path: string;
}

/**
 * Returns the operations that FusionAuth documents and `implemented` lacks. Each needs a route: otherwise a fixed part
 * of its path, `bulk` in `/api/user/bulk` for example, would be parsed as an id of another operation.
 */
export function missing(implemented: readonly Operation[]): Missing[] {
  const known = new Set(
    implemented.flatMap(({ method, path }) => templatesOf(path).map((one) => `${method} ${shape(one)}`)),
  );
  return Object.entries(documented).flatMap(([template, methods]) => {
    const path = template.replaceAll(/\{(\w+)\}/g, ':$1');
    return (methods.split(' ') as Method[])
      .filter((method) => !known.has(`${method} ${shape(path)}`))
      .map((method) => ({ method, path }));
  });
}

/** Returns the path with the names of its parameters removed. */
const shape = (path: string): string => path.replaceAll(/:\w+/g, ':');
