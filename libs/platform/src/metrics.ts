import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { listenFailure } from './exit.js';

export { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** A registry of one app's metrics; `process` adds Node's own (memory, event loop). */
export function createMetrics(options: { process?: boolean } = {}): Registry {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  return registry;
}

/** Serves `GET /metrics` in the Prometheus text format on a port of its own, away from the public one. */
export async function serveMetrics(
  registry: Registry,
  at: { host: string; port: number },
): Promise<Listening> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, at.port, 'METRICS_PORT')));
    server.listen(at.port, at.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${at.host}:${port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
