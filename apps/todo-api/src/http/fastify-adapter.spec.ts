import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createAdapter } from './fastify-adapter.js';

const open = (requestTimeoutMs?: number) => {
  const instance = createAdapter({
    trustedProxies: [],
    problemType: (code) => `https://docs.example/${code}`,
    ...(requestTimeoutMs && { requestTimeoutMs }),
  }).getInstance();
  instance.post('/', () => 'read');
  instance.get('/known', (_request, reply) => reply.code(304).header('ETag', '"1"').send({ a: 1 }));
  return instance;
};
const server = open();
const impatient = open(300);

beforeAll(() => Promise.all([server, impatient].map((one) => one.listen({ port: 0, host: '127.0.0.1' }))));
afterAll(() => Promise.all([server.close(), impatient.close()]));

const send = (bytes: string, to = server) => {
  const socket = connect((to.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  return socket;
};

describe('a request that does not arrive completely', () => {
  it.each([
    [
      'within its body',
      'POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ],
    ['within its headers', 'POST / HTTP/1.1\r\nHost: h\r\n'],
  ])('%s is answered 408 about a second after its time, and cut', async (_where, bytes) => {
    const started = Date.now();
    const answer = await text(send(bytes, impatient));
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*"type":"https:\/\/docs\.example\/invalid_request"/);
  });
});

describe('every response', () => {
  it('has the id of the request, and must not be stored', async () => {
    const { headers } = await server.inject({ url: '/nothing' });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('has neither content nor Content-Type with 304', async () => {
    const socket = send('GET /known HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
    const [head, body] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 304 /);
    expect(head).not.toMatch(/content-type/i);
    expect(body).toBe('');
  });
});

describe('a body', () => {
  const post = (payload: string, type = 'application/json') =>
    server.inject({ method: 'POST', url: '/', payload, headers: { 'content-type': type } });

  it('is read as JSON only, and up to 100 kB', async () => {
    expect((await post('{}')).statusCode).toBe(200);
    expect((await post('x', 'text/plain')).statusCode).toBe(415);
    expect((await post(`"${'x'.repeat(100_000)}"`)).statusCode).toBe(413);
  });

  it.each([
    ['with its length', 'Content-Length: 2000000', 'x'.repeat(2_000_000)],
    ['in chunks', 'Transfer-Encoding: chunked', `f4240\r\n${'x'.repeat(1_000_000)}\r\n0\r\n\r\n`],
  ])(
    'that is too large, sent %s, is refused and read to its end, so that no proxy loses the response',
    async (_how, header, body) => {
      const head = `POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n`;
      const socket = send(`${head}${header}\r\n\r\n${body}`);
      socket.write(`${head}Content-Length: 2\r\nConnection: close\r\n\r\n{}`);
      const statuses = (await text(socket)).match(/(?<=HTTP\/1\.1 )\d{3}/g);
      expect(statuses).toEqual(['413', '200']);
    },
  );

  it('that is refused is answered with Connection: close where its client asks for that', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n';
    expect(await text(send(`${head}Connection: close\r\n\r\n`))).toMatch(
      /^HTTP\/1\.1 415 [^]*\r\nConnection: close\r\n/i,
    );
  });

  it('may not set prototypes', async () => {
    expect((await post('{"__proto__":{}}')).statusCode).toBe(400);
    expect((await post('{"constructor":{"prototype":{}}}')).statusCode).toBe(400);
  });
});

describe('the address of a caller', () => {
  const addressFor = async (trustedProxies: string[]) => {
    const instance = createAdapter({ trustedProxies, problemType: String }).getInstance();
    instance.get('/', ({ ip }) => ip);
    const { body } = await instance.inject({ url: '/', headers: { 'x-forwarded-for': '203.0.113.9' } });
    return body;
  };

  it('comes from X-Forwarded-For of trusted proxies only', async () => {
    expect(await addressFor([])).toBe('127.0.0.1');
    expect(await addressFor(['10.0.0.0/8'])).toBe('127.0.0.1');
    expect(await addressFor(['127.0.0.1'])).toBe('203.0.113.9');
  });
});

describe('a request without exactly one Host', () => {
  it('is refused, at any route', async () => {
    for (const hosts of ['', 'Host: a\r\nHost: b\r\n']) {
      expect(await text(send(`GET /known HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`))).toMatch(
        /^HTTP\/1\.1 400 [^]*exactly one Host/,
      );
    }
  });
});
