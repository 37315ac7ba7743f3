import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection, getRequest, openConnections } from './connection.js';
import { burst, closedLoop, steadily } from './load.js';

/** Starts a server that answers each request on a connection with `answer`. */
async function serve(answer: (socket: Socket, request: string) => void): Promise<[Server, string]> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => answer(socket, chunk.toString()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
}

const body = 'x'.repeat(10);
const head = (status: number) => `HTTP/1.1 ${status} Text\r\nContent-Length: ${body.length}\r\n\r\n`;

describe('the load generator', () => {
  it('waits for the whole answer, in any number of pieces', async () => {
    const whole = `${head(404)}${body}`;
    const [server, url] = await serve((socket) => {
      void (async () => {
        for (const piece of [whole.slice(0, 30), whole.slice(30, 50), whole.slice(50)]) {
          socket.write(piece);
          await pause(20);
        }
      })();
    });
    const connection = await Connection.open(url);
    const began = performance.now();
    expect(await connection.request(getRequest(url, '/', { Authorization: 'Bearer x' }))).toBe(404);
    expect(performance.now() - began).toBeGreaterThan(35);
    connection.close();
    server.close();
  });

  it('counts each answer once, by status, and sends one request at a time on a connection', async () => {
    const seen: string[] = [];
    const [server, url] = await serve((socket, request) => {
      seen.push(...request.split('\r\n\r\n').slice(0, -1));
      socket.write(`${head(seen.length % 2 === 0 ? 200 : 401)}${body}`);
    });
    const connections = await openConnections(url, 3);
    const { answered, statuses, latenciesMs } = await closedLoop(connections, () => getRequest(url, '/'), 50);
    expect(answered).toBe(seen.length);
    expect(latenciesMs).toHaveLength(answered);
    expect((statuses.get(200) ?? 0) + (statuses.get(401) ?? 0)).toBe(answered);
    expect((await burst(connections, getRequest(url, '/'))).answered).toBe(3);
    connections.forEach((connection) => connection.close());
    server.close();
  });

  it('stays awake between answers if asked to, so that no server pays for waking it', async () => {
    const [server, url] = await serve((socket) => {
      setTimeout(() => socket.write(`${head(200)}${body}`), 10);
    });
    const connections = await openConnections(url, 1);
    const idleShare = async (awake: boolean): Promise<number> => {
      const before = performance.eventLoopUtilization();
      await closedLoop(connections, () => getRequest(url, '/'), 60, { awake });
      return 1 - performance.eventLoopUtilization(before).utilization;
    };
    // On a busy machine the process is idle for less time, so one try may not show it.
    while ((await idleShare(false)) <= 0.5);
    // A poll that does not wait counts as idle too.
    expect(await idleShare(true)).toBeLessThan(0.5);
    connections.forEach((connection) => connection.close());
    server.close();
  });

  it('keeps to its rate and its limit in flight, and counts missing answers as status 0', async () => {
    let open = true;
    const [server, url] = await serve((socket) => open && socket.write(`${head(200)}${body}`));
    const load = { url, requests: () => getRequest(url, '/'), rate: 200, inFlight: 4, durationMs: 1_000 };
    const good = await steadily(load);
    expect(good.statuses.get(200)).toBe(good.answered);
    expect(good.answered).toBeLessThanOrEqual(202);
    expect(good.answered).toBeGreaterThan(4);
    open = false;
    expect([...(await steadily(load)).statuses]).toEqual([[0, 4]]);
    server.close();
  });
});
