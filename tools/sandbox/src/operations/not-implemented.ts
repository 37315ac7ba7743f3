import { documented } from './documented.js';
import { type Method, type Operation, templatesOf } from './operation.js';

/** A documented operation that the sandbox answers with 501. */
export interface Missing {
  readonly method: Method;
  /** In Fastify's notation. */
  readonly path: string;
}

/**
 * What FusionAuth documents and `implemented` lacks. Each needs a route of its own: a fixed word of its path, `bulk` in
 * `/api/user/bulk` for example, would be taken for the id of another operation.
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

/** The path with all ids alike. */
const shape = (path: string): string => path.replaceAll(/:\w+/g, ':');
