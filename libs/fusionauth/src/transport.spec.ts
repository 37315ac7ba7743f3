import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Secret } from '#gatehouse/platform';
import { fusionAuthData } from './data.js';

const id = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
const bodies: Readonly<Record<string, object>> = {
  '/.well-known/jwks.json': { keys: [] },
  '/oauth2/introspect': { active: true },
  [`/api/group/${id}`]: { group: { id } },
  '/api/jwt/refresh/sid': { refreshToken: { userId: 'ada', applicationId: id } },
};

type End = (socket: Socket) => void;
type First = (request: IncomingMessage, response: ServerResponse, count: number) => void;
const ends: readonly [string, End][] = [
  ['ends', (socket) => void socket.destroy()],
  ['resets', (socket) => void socket.resetAndDestroy()],
];
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Starts a FusionAuth that keeps connections, and calls `end` at the second request over one. */
async function forgetful(end: End, first: First = answer, deadlineMs = 10_000) {
  const seen: string[] = [];
  const used = new WeakSet<Socket>();
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (used.has(request.socket)) return end(request.socket);
    used.add(request.socket);
    first(request, response, seen.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const data = fusionAuthData({
    url: `http://127.0.0.1:${port}`,
    tenantId: id,
    applicationId: id,
    probeGroupId: id,
    deadlineMs,
    apiKey: new Secret('our-own-key'),
  });
  closers.push(async () => {
    await data.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { data, seen };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  response.end(JSON.stringify(bodies[request.url ?? ''] ?? {}));
}

const signal = () => AbortSignal.timeout(10_000);
type Data = Awaited<ReturnType<typeof forgetful>>['data'];

describe.each(ends)('a keep-alive connection that FusionAuth %s as a request arrives', (_how, end) => {
  it.each<[string, (data: Data) => Promise<unknown>, unknown]>([
    ['the key set', (data) => data.readKeySet(), { keys: [] }],
    ['introspection', (data) => data.introspect('token', 'user', signal()), true],
    ['the probe of a key', (data) => data.apiKeys.probe('k'.repeat(20), signal()), 'good'],
    ['a session', (data) => data.records.session('sid', signal()), { userId: 'ada', applicationId: id }],
  ])('causes a retry and no failure: %s', async (_what, call, expected) => {
    const { data, seen } = await forgetful(end);
    expect(await call(data)).toEqual(expected);
    await turn();
    expect(await call(data)).toEqual(expected);
    expect(seen).toHaveLength(3);
  });

  it('fails a log-in without a retry, because FusionAuth may have counted it', async () => {
    const { data, seen } = await forgetful(end);
    await data.readKeySet();
    await turn();
    const attempt = { email: 'ada@example.com', token: 'token', address: '192.0.2.1' };
    await expect(data.login(attempt, signal())).rejects.toMatchObject({
      name: 'FusionAuthUnavailable',
      reached: true,
    });
    expect(seen).toEqual(['GET /.well-known/jwks.json', 'POST /api/login']);
  });

  it('causes only one retry', async () => {
    const { data, seen } = await forgetful(end, (request, response, count) =>
      count === 1 ? answer(request, response) : end(request.socket),
    );
    await data.readKeySet();
    await turn();
    await expect(data.readKeySet()).rejects.toMatchObject({ name: 'FusionAuthUnavailable' });
    expect(seen).toHaveLength(3);
  });

  it('does not extend the deadline for the retry', async () => {
    const first: First = (request, response, count) => {
      if (count === 1) answer(request, response);
    };
    const { data } = await forgetful(end, first, 1_000);
    await data.readKeySet();
    await turn();
    const started = performance.now();
    await expect(data.readKeySet()).rejects.toThrow(/no answer in time/);
    expect(performance.now() - started).toBeLessThan(1_900);
  });
});

describe('a new connection that is closed without an answer', () => {
  it('fails immediately', async () => {
    const { data, seen } = await forgetful(
      () => undefined,
      (request) => void request.socket.destroy(),
    );
    await expect(data.readKeySet()).rejects.toThrow(/UND_ERR_SOCKET/);
    expect(seen).toHaveLength(1);
  });
});
