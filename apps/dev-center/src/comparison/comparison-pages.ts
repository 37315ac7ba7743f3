import type { FastifyInstance } from 'fastify';
import { readPageFile } from '#gatehouse/platform';

/** Short names below /compare/ and their files. */
const shortNames: Readonly<Record<string, string>> = { '': 'index.html', choose: 'choose.html' };

const noReport = 'There is no report here. To create one: npm run compare\n';

/**
 * Serves the report that `npm run compare` wrote to a directory: finished pages, read at each request. They contain
 * no secrets, so they are public.
 */
export function addComparisonPages(server: FastifyInstance, directory: string): void {
  server.get('/compare', (_request, reply) => reply.redirect('/compare/'));
  server.get<{ Params: { '*': string } }>('/compare/*', (request, reply) => {
    const name = shortNames[request.params['*']] ?? request.params['*'];
    const file = readPageFile(directory, name);
    if (file) return reply.headers(file.headers).send(file.body);
    return reply.code(404).type('text/plain; charset=utf-8').send(noReport);
  });
}
