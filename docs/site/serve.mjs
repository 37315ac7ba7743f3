import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';

/** Serves a built site on this machine alone, and resolves with its URL. Port 0 picks a free one. */
export async function serveSite(directory, port) {
  const server = Fastify({ forceCloseConnections: true });
  await server.register(fastifyStatic, { root: directory, extensions: ['html'] });
  server.setNotFoundHandler((_request, reply) => reply.code(404).type('text/html').sendFile('404.html'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void server.close());
  return server.listen({ host: '127.0.0.1', port });
}
