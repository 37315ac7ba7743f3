import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { openEarly, Pool } from './undici.js';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

/** Starts a server that remembers its connections and requests. */
async function listening(port = 0) {
  const [connections, requests]: [Socket[], string[]] = [[], []];
  const answer: RequestListener = ({ method, url, headers }, response) => {
    requests.push(`${method} ${url} ${headers.authorization}`);
    response.end('{"keys":[]}');
  };
  const server = createServer(answer).on('connection', (socket) => connections.push(socket));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  closers.push(() => server.close().closeAllConnections());
  return { connections, requests, port: (server.address() as AddressInfo).port };
}

/** Sends a request over a new pool, as our transport does. */
async function ask(port: number, method: 'GET' | 'POST' = 'GET') {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 2, maxResponseSize: 100 });
  closers.push(() => void pool.destroy());
  const { signal } = new AbortController();
  const headers = { authorization: 'k' };
  const answer = await pool.request({
    ...{ origin: `http://127.0.0.1:${port}`, path: '/keys?a=1', method, headers, signal },
    ...(method === 'POST' && { body: 'x' }),
  });
  return answer.body.json();
}

const until = async (holds: () => boolean) => {
  for (let tries = 0; !holds() && tries < 200; tries += 1) await delay(10);
};

describe('a connection that is opened early', () => {
  it('is made at once and used by the first GET', async () => {
    const { connections, requests, port } = await listening();
    openEarly(`http://127.0.0.1:${port}`);
    await until(() => connections.length > 0);
    expect([connections.length, requests]).toEqual([1, []]);
    expect(await ask(port)).toEqual({ keys: [] });
    expect([connections.length, requests]).toEqual([1, ['GET /keys?a=1 k']]);
    await ask(port);
    expect(connections).toHaveLength(2);
  });

  it('is left for a GET by other requests, and by requests to other servers', async () => {
    const [{ connections, requests, port }, other] = [await listening(), await listening()];
    openEarly(`http://127.0.0.1:${port}`);
    await ask(other.port);
    await ask(port, 'POST');
    expect([connections.length, other.connections.length]).toEqual([2, 1]);
    await ask(port);
    expect([connections.length, requests]).toEqual([2, ['POST /keys?a=1 k', 'GET /keys?a=1 k']]);
  });

  it('is replaced if it was cut meanwhile', async () => {
    const { connections, requests, port } = await listening();
    openEarly(`http://127.0.0.1:${port}`);
    await until(() => connections.length > 0);
    connections[0]?.resetAndDestroy();
    await delay(50);
    expect(await ask(port)).toEqual({ keys: [] });
    expect([connections.length, requests]).toEqual([2, ['GET /keys?a=1 k']]);
  });

  it('is replaced if it was refused, without an error that nobody handles', async () => {
    const closed = await listening();
    closers.splice(0).forEach((close) => close());
    openEarly(`http://127.0.0.1:${closed.port}`);
    await delay(50);
    const { connections } = await listening(closed.port);
    expect(await ask(closed.port)).toEqual({ keys: [] });
    expect(connections).toHaveLength(1);
  });

  it('is not made where connections go through a proxy', async () => {
    const { connections, port } = await listening();
    process.env['NODE_USE_ENV_PROXY'] = '1';
    openEarly(`http://127.0.0.1:${port}`);
    delete process.env['NODE_USE_ENV_PROXY'];
    await delay(50);
    expect(connections).toEqual([]);
  });
});
