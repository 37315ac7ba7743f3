import type { FastifyInstance } from 'fastify';

export interface Route {
  readonly method: string;
  /** The pattern as registered, such as `/todos/:id`. */
  readonly path: string;
}

/** Collects every route of an app as the framework registers it. */
export class Routes {
  readonly all: Route[] = [];

  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) this.all.push({ method: one, path: url });
    });
  }

  /** Returns the methods of the path of `url`, for `Allow` (RFC 9110 section 10.2.1). */
  allowed(url: string): string[] {
    const path = url.split('?', 1)[0] ?? '';
    return [...new Set(this.all.filter((route) => matches(route.path, path)).map(({ method }) => method))];
  }
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const actual = path.split('/');
  return (
    wanted.length === actual.length &&
    wanted.every((part, index) => (part.startsWith(':') ? actual[index] !== '' : part === actual[index]))
  );
}
