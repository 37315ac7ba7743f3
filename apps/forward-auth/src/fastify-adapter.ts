import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { trustsProxy } from '#gatehouse/auth';
import { verdictHeader } from '#gatehouse/auth/forward';
import { EarlyRefusals } from '#gatehouse/http-edge';
import { undocumented } from '#gatehouse/platform';
import { isQuestion } from './verify-listener.js';

const limits = {
  // More than nginx (4 × 8 kB) and HAProxy (16 kB) let through, including the headers that they add.
  maxHeaderSize: 64 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  // How late, at most, a slow request is cut off after its limit.
  connectionsCheckingInterval: 1_000,
  // Longer than proxies keep an idle connection, so that a proxy never finds it closed.
  keepAliveTimeout: 72_000,
};

/** Creates Fastify with our limits, behind `verify`, which handles the requests to `/verify`. */
export function createAdapter(trustedProxies: readonly string[], verify: RequestListener): FastifyAdapter {
  // The proxy passes these refusals on to its client.
  const early = new EarlyRefusals({ problemType: undocumented, headers: { [verdictHeader]: 'refused' } });
  const adapter = new FastifyAdapter({
    serverFactory: (others: RequestListener) => serve(verify, others, early),
    genReqId: () => randomUUID(),
    trustProxy: trustsProxy(trustedProxies),
    return503OnClosing: false,
    clientErrorHandler: early.unreadable,
    frameworkErrors: early.unroutable,
    skipMiddie: true,
  });
  const server = adapter.getInstance();
  early.watch(server);
  // No route reads a body.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _payload, done) => done(null));
  server.addHook('onSend', (request, reply, _payload, done) => {
    void reply.header('X-Request-Id', request.id).header('Cache-Control', 'no-store');
    done();
  });
  return adapter;
}

function serve(verify: RequestListener, others: RequestListener, early: EarlyRefusals): Server {
  const server = createServer(limits, (request, response) => {
    if (!isQuestion(request.url)) return others(request, response);
    // Like Fastify: while closing, a connection in use is closed after the response.
    if (!server.listening) response.setHeader('Connection', 'close');
    early.note(request, response);
    verify(request, response);
  });
  return server;
}
