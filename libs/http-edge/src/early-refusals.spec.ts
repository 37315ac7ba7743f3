import { randomUUID } from 'node:crypto';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import fastify from 'fastify';
import { EarlyRefusals } from './early-refusals.js';

const early = new EarlyRefusals({
  problemType: (code) => `type/${code}`,
  headers: { 'X-Edge': 'refused' },
});
const server = fastify({
  http: { requireHostHeader: false },
  genReqId: () => randomUUID(),
  clientErrorHandler: early.unreadable,
  frameworkErrors: early.unroutable,
});
early.watch(server);
let served = 0;
server.get('/', () => `served ${(served += 1)}`);
server.get('/:part', () => 'part');

beforeAll(() => server.listen({ port: 0, host: '127.0.0.1' }));
afterAll(() => server.close());

/** Sends these bytes and returns everything that is received until the connection is closed. */
function answerTo(bytes: string): Promise<string> {
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}
const end = 'Connection: close\r\n\r\n';

/** Parses a response with a problem; the names of its headers are in lower case. */
function problemIn(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [, status] = /^HTTP\/1\.1 (\d+) /.exec(head) ?? [];
  const headers = Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(': ', 2) as [string, string])
      .map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { status: Number(status), headers, body: JSON.parse(body) as Record<string, unknown> };
}

describe('a request that reaches no route', () => {
  it.each([
    ['it is not HTTP', 'hello\r\n\r\n', 400, 'not a valid HTTP request'],
    [
      'its headers are larger than Node accepts',
      `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(17_000)}\r\n${end}`,
      431,
      'too large',
    ],
    ['it has no Host', `GET / HTTP/1.1\r\n${end}`, 400, 'exactly one Host'],
    ['it has two', `GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n${end}`, 400, 'exactly one Host'],
    ['it has two in HTTP/1.0', `GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n`, 400, 'exactly one Host'],
    ['its path is not valid', `GET /%zz HTTP/1.1\r\nHost: h\r\n${end}`, 400, 'path of the request'],
    [
      'a part of its path is too long',
      `GET /${'x'.repeat(200)} HTTP/1.1\r\nHost: h\r\n${end}`,
      414,
      'is too long',
    ],
  ])('gets a problem with a request id where %s', async (_what, bytes, status, detail) => {
    const answer = problemIn(await answerTo(bytes));

    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringContaining('application/problem+json') as string,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-edge': 'refused',
    });
    const id = answer.headers['x-request-id'];
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.body).toMatchObject({
      status,
      requestId: id,
      detail: expect.stringContaining(detail) as string,
    });
    expect(served).toBe(0);
  });
});

describe('an unusual request', () => {
  it('is served in HTTP/1.0 without a Host, and with an unknown expectation', async () => {
    expect(await answerTo('GET / HTTP/1.0\r\n\r\n')).toMatch(/served 1$/);
    expect(await answerTo(`GET / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n${end}`)).toMatch(/served 2$/);
  });

  it('is answered only once if the rest of its body is unreadable', async () => {
    const answer = await answerTo(
      'GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n',
    );

    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('is answered after another request on its connection was', async () => {
    const complete = 'GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}';

    expect((await answerTo(`${complete}not HTTP\r\n\r\n`)).match(/HTTP\/1\.1 \d+/g)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 400',
    ]);
  });
});
