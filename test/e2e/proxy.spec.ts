import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runTypeScript } from '../support/typescript-process.js';

const script = join(import.meta.dirname, '../support/call-everybody.ts');

/** A proxy that writes down for whom it is asked, and refuses. */
class Proxy {
  readonly asked = new Set<string>();
  readonly #server: Server = createServer((request, response) => {
    this.asked.add(new URL(request.url ?? '').host);
    response.writeHead(502).end();
  }).on('connect', ({ url }, socket) => {
    this.asked.add(url?.replace(/:80$/, '') ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe('HTTP through a proxy', () => {
  // Each client has a host of its own, so that the proxy can distinguish them.
  const hosts = ['data', 'control', 'source', 'heartbeat', 'todos'].map((name) => `${name}.invalid`);

  async function askedWith(environment: (proxy: string) => Record<string, string>) {
    const proxy = new Proxy();
    const url = await proxy.start();
    await runTypeScript(script, [], environment(url));
    proxy.close();
    return [...proxy.asked].sort();
  }

  it('is what every client does where Node is set to', async () => {
    const asked = await askedWith((url) => ({ NODE_USE_ENV_PROXY: '1', HTTP_PROXY: url, NO_PROXY: '' }));
    expect(asked).toEqual(hosts.toSorted());
  });

  it('is not where NO_PROXY excepts a host', async () => {
    const asked = await askedWith((url) => ({
      ...{ NODE_USE_ENV_PROXY: '1', HTTP_PROXY: url, NO_PROXY: 'todos.invalid,.data.invalid,data.invalid' },
    }));
    expect(asked).toEqual(['control.invalid', 'heartbeat.invalid', 'source.invalid']);
  });

  it('is what no client does otherwise', async () => {
    expect(await askedWith((url) => ({ HTTP_PROXY: url, NODE_USE_ENV_PROXY: '' }))).toEqual([]);
  });
});
