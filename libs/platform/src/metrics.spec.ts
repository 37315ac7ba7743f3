import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Counter, createMetrics, Gauge, serveMetrics } from './metrics.js';

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

  it('answers 500, without a word of the error, when a value cannot be read', async () => {
    const registry = createMetrics();
    const collect = () => Promise.reject(new Error('the password is hunter2'));
    new Gauge({ name: 'broken', help: 'broken', registers: [registry], collect });
    const server = await serveMetrics(registry, { host: '127.0.0.1', port: 0 });
    const answer = await fetch(server.url);
    expect([answer.status, await answer.text()]).toEqual([500, '']);
    await server.close();
  });

  it('closes although a scraper keeps its connection', async () => {
    const server = await serveMetrics(createMetrics(), { host: '127.0.0.1', port: 0 });
    const { hostname, port } = new URL(server.url);
    const scraper = connect(Number(port), hostname);
    await once(scraper, 'connect');
    const gone = new Promise((resolve) => scraper.once('close', resolve).on('error', () => undefined));
    scraper.write('GET /metrics HTTP/1.1\r\n');
    await server.close();
    await gone;
  }, 5_000);

  it('has the figures of the process where they are asked for, and no others', async () => {
    expect(await createMetrics().metrics()).toBe('\n');
    const figures = createMetrics({ process: true });
    expect(await figures.metrics()).toContain('process_resident_memory_bytes');
    figures.clear();
  });

  it('says which variable moves it when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(serveMetrics(createMetrics(), { host: '127.0.0.1', port })).rejects.toThrow(
      new RegExp(`Port ${port} is in use.*METRICS_PORT`),
    );
    other.close();
  });
});
