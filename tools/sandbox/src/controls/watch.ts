import type { FastifyInstance } from 'fastify';
import type { Logger } from '#gatehouse/platform';
import { nameOf } from '../operations/name-of.js';
import type { Controls } from './controls.js';
import { inflict, loseAnswer } from './faults.js';
import type { RequestEntry } from './request-log.js';

/** Counts every request and lets the faults happen; the controls themselves are left alone. */
export function watchRequests(
  server: FastifyInstance,
  controls: Pick<Controls, 'clock' | 'faults' | 'requests'>,
  log: Logger,
): void {
  const open = new WeakMap<object, RequestEntry>();
  server.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/_sandbox')) return;
    const operation = nameOf(request);
    const entry: RequestEntry = {
      at: controls.clock.now(),
      operation,
      path: request.url.split('?')[0] ?? '',
    };
    open.set(request, entry);
    controls.requests.open(entry);
    const fault = controls.faults.take(operation);
    if (fault) await inflict(fault, request, reply);
  });
  server.addHook('onSend', (request, _reply, payload, done) => {
    loseAnswer(request);
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const entry = open.get(request);
    if (!entry) return done();
    entry.status = reply.statusCode;
    entry.milliseconds = Math.round(reply.elapsedTime);
    log.debug({ operation: entry.operation, status: entry.status, ms: entry.milliseconds }, 'request');
    done();
  });
}
