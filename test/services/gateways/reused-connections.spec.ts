import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Connection } from '../../../tools/measure/src/connection.js';
import { endpointOf, forwardAuthGateways, type Gateway, policyFor, startGateway } from './gateway.js';
import { type GatewayWorld, startGatewayWorld } from './gateway-world.js';
import { describeForwardAuth } from './ground.js';

const rounds = 10;
const upload = Buffer.alloc(2 * 2 ** 20, 'u');

describeForwardAuth('a request on a connection that the API closes as it arrives', (program) => {
  let world: GatewayWorld;
  let gateway: Gateway;
  beforeAll(async () => {
    world = await startGatewayWorld();
    const { url } = await world.startForwardAuth();
    gateway = await startGateway(program, {
      configuration: forwardAuthGateways[program],
      policy: { ...policyFor(world, await startClosingApi()), forwardAuth: [endpointOf(url)] },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await world.close();
  });

  /** Starts an API that answers one request of each connection, and closes the connection when the next one arrives. */
  async function startClosingApi(): Promise<string> {
    const used = new WeakSet<Socket>();
    const server = createServer(({ socket }, response) => {
      if (used.has(socket)) return socket.destroy();
      used.add(socket);
      return response.writeHead(200, { 'Content-Length': 2 }).end('ok');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    world.closeLater({
      close: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Sends two requests on one connection, several times, and returns each second status. */
  async function secondStatuses(method: string, body = Buffer.alloc(0)): Promise<number[]> {
    const head = (name: string, length: number) =>
      Buffer.from(
        `${name} / HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer ${world.mint.token()}\r\nContent-Length: ${length}\r\n\r\n`,
      );
    const statuses: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const connection = await Connection.open(gateway.url);
      expect(await connection.request(head('GET', 0))).toBe(200);
      statuses.push(await connection.request(Buffer.concat([head(method, body.length), body])));
      connection.close();
    }
    return [...new Set(statuses)];
  }

  it('is sent again if it may be', async () => {
    expect(await secondStatuses('GET')).toEqual([200]);
  });

  it('is answered if it is an upload that must not be sent twice', async () => {
    // HAProxy would close the client's connection without an answer, so it sends an upload on a new connection.
    expect(await secondStatuses('POST', upload)).toEqual([program === 'haproxy' ? 200 : 503]);
  });
});
