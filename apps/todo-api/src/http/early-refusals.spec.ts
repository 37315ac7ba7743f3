import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createAdapter } from './fastify-adapter.js';

const server = createAdapter({ trustedProxies: [], problemType: (code) => `type/${code}` }).getInstance();
let served = 0;
server.get('/', () => `served ${(served += 1)}`);
server.get('/:part', () => 'part');

beforeAll(() => server.listen({ port: 0, host: '127.0.0.1' }));
afterAll(() => server.close());

/** The whole answer to these bytes, sent as they are. */
function answerTo(bytes: string): Promise<string> {
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}
const end = 'Connection: close\r\n\r\n';

/** Status, headers in small letters and body of an answer that carries a problem. */
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

describe('a request that comes to no route', () => {
  it.each([
    ['is not HTTP', 'hello\r\n\r\n', 400, 'not a valid HTTP request'],
    [
      'has headers of more than Node takes',
      `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(17_000)}\r\n${end}`,
      431,
      'too large',
    ],
    ['has no Host', `GET / HTTP/1.1\r\n${end}`, 400, 'exactly one Host'],
    ['has two', `GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n${end}`, 400, 'exactly one Host'],
    ['has two in HTTP/1.0', `GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n`, 400, 'exactly one Host'],
    ['has a path that is broken', `GET /%zz HTTP/1.1\r\nHost: h\r\n${end}`, 400, 'path of the request'],
    [
      'has a part of the path that is too long',
      `GET /${'x'.repeat(200)} HTTP/1.1\r\nHost: h\r\n${end}`,
      414,
      'is too long',
    ],
  ])('since it %s, is answered by a problem with an id', async (_what, bytes, status, detail) => {
    const answer = problemIn(await answerTo(bytes));

    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringContaining('application/problem+json') as string,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
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

  it('is served in HTTP/1.0 without a Host, and with an expectation that nobody knows', async () => {
    expect(await answerTo('GET / HTTP/1.0\r\n\r\n')).toMatch(/served 1$/);
    expect(await answerTo(`GET / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n${end}`)).toMatch(/served 2$/);
  });

  it('is not answered a second time where its rest turns out to be unreadable', async () => {
    const answer = await answerTo(
      'GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n',
    );

    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});
