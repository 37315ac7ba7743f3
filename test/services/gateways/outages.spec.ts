import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { FaultProxy, faults } from '../../../tools/measure/src/fault-proxy.js';
import { freePort } from '../../support/free-port.js';
import { type Answer, type Header, send } from './client.js';
import { endpointOf, filesOf, forwardAuthGateways, policyFor, startGateway } from './gateway.js';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.js';
import { type GatewayWorld, startGatewayWorld } from './gateway-world.js';
import { describeForwardAuth } from './ground.js';
import type { RecordingApi } from './recording-api.js';

/** Maximum time that a client may wait for an answer. */
const maxWaitMs = 1_200;

describeForwardAuth('an outage behind a request', (program) => {
  let world: GatewayWorld;
  let api: RecordingApi;
  let ada: Header;
  const running: GatewayProcess[] = [];

  beforeAll(async () => {
    world = await startGatewayWorld();
    api = await world.startApi();
    ada = ['Authorization', `Bearer ${world.mint.token()}`];
  });
  afterEach(async () => {
    for (const gateway of running.splice(0)) await gateway.stop();
    api.take();
  });
  afterAll(() => world.close());

  async function before(first: string, ...others: string[]): Promise<GatewayProcess> {
    const forwardAuth = [endpointOf(first), ...others.map(endpointOf)] as const;
    const gateway = await startGateway(program, {
      configuration: forwardAuthGateways[program],
      policy: { ...policyFor(world, api.url), forwardAuth },
    });
    running.push(gateway);
    return gateway;
  }

  const asAda = ({ url }: GatewayProcess) => send(url, { headers: [ada] });
  const unusedUrl = async () => `http://127.0.0.1:${await freePort()}`;

  /** Waits until a request succeeds: on a busy machine the first answers may come too late. */
  async function untilAccepted(gateway: GatewayProcess): Promise<void> {
    for (let tries = 0; tries < 20 && (await asAda(gateway)).status !== 200; tries += 1) await delay(200);
    api.take();
  }

  /** Expects 503 with Retry-After, in time, and no request at the API. */
  function expectUnavailable({ status, headers, milliseconds }: Answer): void {
    expect([status, headers['retry-after']]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect(milliseconds).toBeLessThan(maxWaitMs);
    expect(api.take()).toEqual([]);
  }

  it.each(['refuse', 'hang'] as const)(
    'is answered 503 with Retry-After in time if FusionAuth does not answer: %s',
    async (fault) => {
      const proxy = await FaultProxy.before(world.issuer.url);
      world.closeLater(proxy);
      const forwardAuth = await world.startForwardAuth({
        FUSIONAUTH_URL: proxy.url,
        FUSIONAUTH_DEADLINE_MS: '800',
        JWT_VALIDATION: 'introspection',
      });
      const gateway = await before(forwardAuth.url);
      await untilAccepted(gateway);
      await proxy.set(faults[fault]);
      const answer = await send(gateway.url, {
        headers: [['Authorization', `Bearer ${world.mint.token()}`]],
      });
      expectUnavailable(answer);
    },
  );

  it('is answered 503 with Retry-After in time if forward-auth is silent', async () => {
    const silent = await listening(createServer());
    expectUnavailable(await asAda(await before(silent.url)));
  });

  it('is answered 503 with Retry-After if nothing listens there', async () => {
    const { status, headers } = await asAda(await before(await unusedUrl()));
    expect([status, headers['retry-after'], api.take()]).toEqual([503, expect.stringMatching(/^\d+$/), []]);
  });

  it.each([200, 204, 302, 404, 500])(
    'is answered 503 if another server answers in place of forward-auth, with %i',
    async (status) => {
      const other = createHttpServer((_request, response) => response.writeHead(status).end());
      const { url } = await listening(other);
      expectUnavailable(await asAda(await before(url)));
    },
  );

  it('of one of two forward-auth servers has no effect on callers, and 429 of the other stays 429', async () => {
    const { url } = await world.startForwardAuth({ REQUESTS_PER_MINUTE: '20' });
    const gateway = await before(await unusedUrl(), url);
    const answers: Answer[] = [];
    for (let count = 0; count < 22; count += 1) answers.push(await asAda(gateway));
    expect(answers.slice(0, 20).map(({ status }) => status)).toEqual(Array(20).fill(200));
    const { status, headers } = answers.at(-1)!;
    expect([status, headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  });

  if (program === 'haproxy') {
    it('is answered 503 if the script has an error', async () => {
      const { url } = await world.startForwardAuth();
      const port = await freePort();
      const policy = { ...policyFor(world, api.url), forwardAuth: [endpointOf(url)] as const };
      const files = filesOf(forwardAuthGateways[program], {
        ...policy,
        listen: { address: '127.0.0.1', port },
      });
      const spoiled = files.map(({ path, text }) => ({
        path,
        text: path.endsWith('.lua') ? `${text}core.httpclient = nil\n` : text,
      }));
      const gateway = await startGatewayProcess(program, port, spoiled);
      running.push(gateway);
      expectUnavailable(await asAda(gateway));
    });
  }

  async function listening(server: Server): Promise<{ url: string }> {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
    world.closeLater({
      close: async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      },
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }
});
