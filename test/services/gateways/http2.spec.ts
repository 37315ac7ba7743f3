import { once } from 'node:events';
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import { describeForwardAuth, type Ground, openGround } from './ground.js';

/** Tests HTTP/2 without TLS, which a client uses with prior knowledge (RFC 9113 section 3.3). */
describeForwardAuth('a request of HTTP/2', (program) => {
  let ground: Ground;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    ground = await openGround(program, { TOKEN_LOCATION: 'header,cookie' }, { http2: true });
    session = connect(ground.gateway.http2Url);
    await once(session, 'connect');
  });
  afterEach(() => ground.api.take());
  afterAll(async () => {
    session.destroy();
    await ground.close();
  });

  async function ask(headers: OutgoingHttpHeaders): Promise<number | undefined> {
    const stream = session.request({ ':path': '/me', ...headers });
    const [answer] = (await once(stream, 'response')) as [{ ':status'?: number }];
    stream.resume();
    await once(stream, 'close');
    return answer[':status'];
  }

  it('passes with a valid credential, as its owner', async () => {
    const [, authorization] = ground.ada;
    const status = await ask({ authorization, 'x-auth-subject': 'mallory' });
    const [arrived] = ground.api.take();
    const subjects = arrived?.headers.filter(([name]) => /^x[-_]auth[-_]subject$/i.test(name));
    const { sub } = ground.world.mint.records.people.ada;
    expect([status, arrived?.target, subjects?.map(([, value]) => value)]).toEqual([200, '/me', [sub]]);
  });

  it.each<[string, number, (token: string) => OutgoingHttpHeaders]>([
    ['no credential', 401, () => ({})],
    ['a forged one', 401, () => ({ authorization: 'Bearer x.y.z' })],
    ['a good one in a part of the cookies', 200, (token) => ({ cookie: ['theme=dark', `app.at=${token}`] })],
    ['one in two parts of the cookies', 400, (token) => ({ cookie: [`app.at=${token}`, 'app.at=x'] })],
    [
      'one in the cookie and in the header',
      400,
      (token) => ({ authorization: `Bearer ${token}`, cookie: `app.at=${token}` }),
    ],
    ['a path of two readings', 400, (token) => ({ authorization: `Bearer ${token}`, ':path': '/a/../me' })],
  ])('is answered as one of HTTP/1.1 with %s: %i', async (_title, expected, headers) => {
    const status = await ask(headers(ground.world.mint.token()));
    expect([status, ground.api.take().length]).toEqual([expected, expected === 200 ? 1 : 0]);
  });
});
