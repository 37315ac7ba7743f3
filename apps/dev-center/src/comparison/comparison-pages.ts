import type { FastifyInstance } from 'fastify';
import { readPageFile } from '#gatehouse/platform';

/** Names below /compare/ that are shorter than those of the files. */
const shortNames: Readonly<Record<string, string>> = { '': 'index.html', choose: 'choose.html' };

const noReport = 'There is no report here yet. Make one with: npm run compare\n';

/**
 * Shows the report that `npm run compare` left in a directory: finished pages, which are read again at each request. They
 * hold no secret, so that nobody need be asked who they are.
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
