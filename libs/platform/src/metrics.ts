import { createServer } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { type Listening, serve } from './listening.js';

export { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Creates a registry for one app's metrics; `process` adds Node's own (memory, event loop). */
export function createMetrics(options: { process?: boolean } = {}): Registry {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  return registry;
}

/** Serves `GET /metrics` in the Prometheus text format on a separate port, not the public one. */
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
  const { url, close } = await serve(server, { ...at, variable: 'METRICS_PORT' });
  return { url: `${url}/metrics`, close };
}
