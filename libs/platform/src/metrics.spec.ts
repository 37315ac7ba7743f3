import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, createMetrics, serveMetrics } from './metrics.js';

describe('the metrics server', () => {
  it('serves the registry in the Prometheus text format and nothing else', async () => {
    const registry = createMetrics();
    new Counter({ name: 'demo_total', help: 'demo', registers: [registry] }).inc(3);
    const server = await serveMetrics(registry, { host: '127.0.0.1', port: 0 });
    const answer = await fetch(server.url);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('demo_total 3');
    expect((await fetch(server.url.replace('/metrics', '/'))).status).toBe(404);
    await server.close();
  });

  it('says which variable moves it when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(serveMetrics(createMetrics(), { host: '127.0.0.1', port })).rejects.toThrow(
      new RegExp(`Port ${port} is taken.*METRICS_PORT`),
    );
    other.close();
  });
});
