import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Gate, type Ground, startGround } from './ground.js';

describe('the forward-auth server', () => {
  let ground: Ground;
  let gate: Gate;
  beforeAll(async () => {
    ground = await startGround();
    gate = await ground.open();
  });
  afterAll(() => ground.close());

  /** Sends these bytes and returns everything that is received until the connection is closed. */
  function answerTo(bytes: string): Promise<string> {
    const socket = connect(Number(new URL(gate.url).port), '127.0.0.1');
    socket.write(bytes);
    return text(socket);
  }
  const question = 'GET /verify HTTP/1.1\r\nHost: h\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Uri: /\r\n';
  const end = 'Connection: close\r\n\r\n';

  it('answers a question only once if its body is unreadable', async () => {
    const answer = await answerTo(`${question}Transfer-Encoding: chunked\r\n\r\nnot a chunk\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('answers a question with an unknown expectation', async () => {
    expect(await answerTo(`${question}Expect: tea\r\n${end}`)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each([
    ['not HTTP', 'hello\r\n\r\n'],
    ['a path that is not valid', `GET /%zz HTTP/1.1\r\nHost: h\r\n${end}`],
  ])('refuses %s as its own verdict, with a problem and a request id', async (_what, bytes) => {
    const [head = '', body = ''] = (await answerTo(bytes)).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head).toMatch(/^content-type: application\/problem\+json/im);
    expect(head).toMatch(/^x-auth-verdict: refused$/im);
    const { requestId } = JSON.parse(body) as { requestId: string };
    expect(head.toLowerCase()).toContain(`x-request-id: ${requestId}`);
  });

  it('cuts off a request whose headers have not arrived after ten seconds', async () => {
    const began = performance.now();
    expect(await answerTo('GET /verify HTTP/1.1\r\nHost: h\r\n')).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - began).toBeLessThan(15_000);
  }, 20_000);

  it.each(['application/json', 'text/plain'])('does not read a body of %s', async (type) => {
    const body = `Content-Type: ${type}\r\nContent-Length: 1\r\n${end}{`;
    expect(await answerTo(`GET /livez HTTP/1.1\r\nHost: h\r\n${body}`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await answerTo(`POST /livez HTTP/1.1\r\nHost: h\r\n${body}`)).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('blames the request, not the server, for a malformed Content-Type', async () => {
    const request = `POST /livez HTTP/1.1\r\nHost: h\r\nContent-Type: ;;\r\nContent-Length: 1\r\n${end}{`;
    expect(await answerTo(request)).toMatch(/^HTTP\/1\.1 415 [^]*"code":"invalid_request"/);
  });
});
