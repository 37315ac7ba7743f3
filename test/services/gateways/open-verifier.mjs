import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import fastify from 'fastify';
import pino from 'pino';

// A verifier that accepts everything, with an empty answer, at the given port. `plain` is a Fastify server that writes
// a log line per request, as in production; `bare` is Node alone and writes nothing.
const [, , kind, port] = process.argv;
const identity = { 'X-Auth-Subject': 'x', 'X-Auth-Via': '', 'X-Auth-Roles': '', 'X-Auth-Client': '' };
const accepted = {
  'Content-Length': '0',
  'Cache-Control': 'no-store',
  'X-Auth-Verdict': 'accepted',
  ...identity,
};

if (kind === 'bare') {
  createServer((_request, response) => response.writeHead(200, accepted).end()).listen(+port, '127.0.0.1');
} else {
  const log = pino({ base: { app: 'plain' } });
  const server = fastify({ genReqId: () => randomUUID() });
  server.all('*', (_request, reply) => reply.headers(accepted).send());
  server.addHook(
    'onResponse',
    ({ id: requestId, method, url }, { statusCode: status, elapsedTime }, done) => {
      log.info({ requestId, method, url, status, milliseconds: elapsedTime }, 'request');
      done();
    },
  );
  await server.listen({ port: +port, host: '127.0.0.1' });
}
