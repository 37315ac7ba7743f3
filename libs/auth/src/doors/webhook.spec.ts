import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { guardSettings, startGuardedApp } from '../../../../test/support/guarded-app.js';
import { requestArrives } from '../../../../test/support/request-arrives.js';
import { type Authenticator, buildAuthenticator } from '../build-authenticator.js';
import { type EventOutcome, maxEventBytes } from '../revocation/received.js';
import { webhookRoute } from './nest/webhook-route.js';
import { webhookListener } from './node/webhook-listener.js';
import { webhookPath } from './webhook.js';

interface Door {
  readonly port: number;
  close(): Promise<unknown>;
}

/** The outcome that the guard returns, and the arguments of its calls. */
let outcome: EventOutcome;
let taken: { body: Buffer | undefined; signature: string | undefined }[];
/** Whether the signature is valid, so that the body is read. */
let reads: boolean;
const authenticator: Authenticator = {
  ...buildAuthenticator([], guardSettings()),
  async receiveWebhook(signature, readBody) {
    if (reads) taken.push({ body: await readBody(), signature });
    return outcome;
  },
};

async function nodeDoor(of: Authenticator): Promise<Door> {
  const server = createServer(webhookListener(of)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => new Promise((closed) => (server.close(closed), server.closeAllConnections()));
  return { port: (server.address() as AddressInfo).port, close };
}

async function nestDoor(of: Authenticator): Promise<Door> {
  const app = await startGuardedApp(of, { prepare: (one) => void one.register(webhookRoute(of)) });
  return { port: (app.getHttpServer().address() as AddressInfo).port, close: () => app.close() };
}

/** Starts Express with a body parser behind the listener. */
async function expressDoor(of: Authenticator): Promise<Door> {
  const app = await startGuardedApp<NestExpressApplication>(of, {
    adapter: new ExpressAdapter(),
    prepare: (one) => one.use(webhookPath, webhookListener(of)),
  });
  return { port: (app.getHttpServer().address() as AddressInfo).port, close: () => app.close() };
}

describe.each([
  ['the Node door', nodeDoor],
  ['the Nest door on Fastify', nestDoor],
  ['the Node door in Nest on Express', expressDoor],
] as const)('an event at %s', (_name, open) => {
  let door: Door;
  beforeAll(async () => (door = await open(authenticator)));
  afterAll(() => door.close());
  beforeEach(() => {
    outcome = 'applied';
    reads = true;
    taken = [];
  });

  type Headers = Record<string, string | string[]>;
  /** Chunks are sent without a Content-Length. */
  async function post(body: Buffer | readonly Buffer[], headers: Headers = {}) {
    const chunks = Buffer.isBuffer(body) ? [body] : body;
    const length = Buffer.isBuffer(body) ? { 'content-length': String(body.length) } : {};
    const json = { 'content-type': 'application/json' };
    const sent = send({
      ...{ host: '127.0.0.1', port: door.port, path: webhookPath, method: 'POST', agent: false },
      headers: { ...length, ...json, ...headers },
    });
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
    const answer = await new Promise<IncomingMessage>((resolve) => void sent.once('response', resolve));
    const content = await text(answer);
    const { code } = (content ? JSON.parse(content) : {}) as { code?: string };
    return { status: answer.statusCode, code, content, headers: answer.headers };
  }

  it('is passed on byte for byte with its signature, for any bytes, and answered 200 without a body', async () => {
    const bytes = Buffer.from([0x7b, 0x20, 0xff, 0x00, 0x0d, 0x0a, 0xef, 0xbb, 0xbf, 0x7d]);
    const answer = await post(bytes, { 'x-fusionauth-signature-jwt': 'a.b.c' });
    expect(answer).toMatchObject({ status: 200, content: '' });
    await post([bytes, Buffer.from('{'), bytes], { 'content-type': 'text/plain' });
    expect(taken).toEqual([
      { body: bytes, signature: 'a.b.c' },
      { body: Buffer.concat([bytes, Buffer.from('{'), bytes]), signature: undefined },
    ]);
  });

  it.each<[EventOutcome, number, string?, string?]>([
    ['applied', 200],
    ['repeated', 200],
    ['foreign', 200],
    ['irrelevant', 200],
    ['expired', 200],
    ['refreshed_keys', 200],
    ['forged', 403, 'invalid_signature', 'by the key of WEBHOOK_KEY_ID'],
    ['malformed', 400, 'invalid_request', 'not a FusionAuth event'],
    ['from_the_future', 400, 'invalid_request', 'synchronise the clocks'],
    ['too_large', 413, 'body_too_large', 'larger than 262144 bytes'],
    ['unavailable', 503, 'event_not_stored', 'Send it again'],
  ])('that is %s is answered %i', async (...[given, status, code, says = '']) => {
    outcome = given;
    const answer = await post(Buffer.from('{}'));
    expect(answer).toMatchObject({ status, code, content: expect.stringContaining(says) });
    const type = status === 200 ? undefined : expect.stringMatching(/^application\/problem\+json/);
    expect(answer.headers['content-type']).toEqual(type);
    expect(answer.headers['retry-after']).toBe(status === 503 ? '2' : undefined);
    expect(answer.headers['www-authenticate']).toBeUndefined();
  });

  it('with two signatures is refused, even if one is good', async () => {
    const answer = await post(Buffer.from('{}'), { 'x-fusionauth-signature-jwt': ['a.b.c', 'd.e.f'] });
    expect(answer).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(taken).toEqual([]);
  });

  it.each(['"', 'application/json,text/html', '-1'])(
    'with a malformed Content-Type is taken, or refused by a code of ours: %s',
    async (type) => {
      const answer = await post(Buffer.from('{}'), { 'content-type': type });
      expect([200, 415]).toContain(answer.status);
      expect(answer.code).toBe(answer.status === 415 ? 'unsupported_media_type' : undefined);
    },
  );

  it('is never decompressed: a Content-Encoding is refused, except identity', async () => {
    const answer = await post(Buffer.from('{}'), { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    expect(answer.headers['accept-encoding']).toBe('identity');
    expect(taken).toEqual([]);
    expect(await post(Buffer.from('{}'), { 'content-encoding': 'Identity' })).toMatchObject({ status: 200 });
  });

  it('is passed on whole up to the limit', async () => {
    expect(await post(Buffer.alloc(maxEventBytes, 1))).toMatchObject({ status: 200 });
    expect(taken.map(({ body }) => body?.length)).toEqual([maxEventBytes]);
  });

  it.each(['content-length: 999999999', 'transfer-encoding: chunked'])(
    'that continues beyond the limit is not read to its end, and the connection closed: %s',
    async (length) => {
      outcome = 'too_large';
      const socket = connect(door.port, '127.0.0.1');
      let answer = '';
      socket.on('data', (data) => (answer += data.toString())).on('error', () => {});
      const chunk = length.startsWith('content') ? 'x'.repeat(4_096) : `1000\r\n${'x'.repeat(4_096)}\r\n`;
      socket.write(
        `POST ${webhookPath} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${length}\r\n\r\n`,
      );
      const sending = setInterval(() => socket.writable && socket.write(chunk.repeat(16)), 1);
      await new Promise((resolve) => socket.once('close', resolve));
      clearInterval(sending);
      expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*connection: close[^]*body_too_large/i);
      expect(taken[0]?.body?.length).toBeGreaterThan(maxEventBytes);
      expect(taken[0]?.body?.length).toBeLessThan(maxEventBytes + 70_000);
    },
  );

  it.each(['content-length: 999999999', 'transfer-encoding: chunked'])(
    'that nobody signed is answered before its body has arrived, and the connection closed: %s',
    async (length) => {
      [outcome, reads] = ['forged', false];
      const socket = connect(door.port, '127.0.0.1');
      let answer = '';
      socket.on('data', (data) => (answer += data.toString())).on('error', () => {});
      socket.write(
        `POST ${webhookPath} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${length}\r\n\r\n`,
      );
      await new Promise((resolve) => socket.once('close', resolve));
      expect(answer).toMatch(/^HTTP\/1\.1 403 [^]*connection: close[^]*invalid_signature/i);
    },
  );

  it('that is cut short is passed on as undefined', async () => {
    const arrival = requestArrives();
    const socket = connect(door.port, '127.0.0.1');
    socket.write(`POST ${webhookPath} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nshort`);
    await arrival;
    socket.destroy();
    expect(await post(Buffer.from('{}'))).toMatchObject({ status: 200 });
    expect(taken.map(({ body }) => body?.toString())).toEqual([undefined, '{}']);
  });
});

describe('the path of events', () => {
  it.each([
    ['the Node door', nodeDoor],
    ['the Nest door', nestDoor],
  ] as const)('is 404 behind %s where REVOCATION is off', async (_name, open) => {
    const door = await open(buildAuthenticator([], guardSettings()));
    const answer = await fetch(`http://127.0.0.1:${door.port}${webhookPath}`, { method: 'POST', body: '{}' });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'not_found']);
    await door.close();
  });

  it('does not wait for a body that a parser has read', async () => {
    let reading: Promise<unknown> | undefined;
    const watched: Authenticator = {
      ...authenticator,
      receiveWebhook(_signature, readBody) {
        reading = readBody();
        return reading.then(
          () => 'applied' as const,
          () => 'unavailable' as const,
        );
      },
    };
    const listener = webhookListener(watched);
    const parsed = createServer((request, response) => {
      request.resume().once('end', () => listener(request, response));
    }).listen(0, '127.0.0.1');
    await once(parsed, 'listening');
    const { port } = parsed.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}${webhookPath}`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(503);
    await expect(reading).rejects.toThrow('before any body parser');
    parsed.close();
  });

  it('does not wait for a body whose connection is closed before it is read', async () => {
    const [arrived, done] = [Promise.withResolvers<IncomingMessage>(), Promise.withResolvers<unknown>()];
    const late: Authenticator = {
      ...authenticator,
      async receiveWebhook(_signature, readBody) {
        const message = await arrived.promise;
        await new Promise((closed) => message.once('close', closed));
        done.resolve(await readBody());
        return 'malformed';
      },
    };
    const listener = webhookListener(late);
    const server = createServer((request, response) => {
      listener(request, response);
      arrived.resolve(request);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`POST ${webhookPath} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nshort`);
    await arrived.promise;
    socket.destroy();
    server.close();
    expect(await done.promise).toBeUndefined();
  });

  it('answers to POST only', async () => {
    const door = await nodeDoor(authenticator);
    const answer = await fetch(`http://127.0.0.1:${door.port}${webhookPath}`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    await door.close();
  });
});
