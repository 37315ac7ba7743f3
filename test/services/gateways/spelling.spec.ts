import { type Header, send, type Sent } from './client.js';
import { describeForwardAuth, type Ground, openGround } from './ground.js';

const guardedByRole = '* /guarded portal-admin; * / *';

/** Other ways to write a path below `/guarded`, for which Ada has no role. */
const ways = [
  '/guarded/x',
  '/guarded',
  '/GUARDED/x',
  '/%67uarded/x',
  '/%2567uarded/x',
  '//guarded/x',
  '/./guarded/x',
  '/a/../guarded/x',
  '/a/%2e%2e/guarded/x',
  '/a/..%2fguarded/x',
  '/%2fguarded/x',
  '/guarded%2fx',
  '/guarded;v=1/x',
  '/guarded/x?a=b',
  '/guarded%00/x',
  '/a/..;/guarded/x',
  '/\\guarded/x',
  '/open\\..\\guarded/x',
  '/%5cguarded/x',
];

/** Unusual spellings of paths open to Ada: refused, or passed on exactly as they were checked. */
const odd = [
  '/a//b',
  '/a/./b',
  '/a/../b',
  '/%61/b',
  '/a%2Fb',
  '/a;b',
  '/a?b=/../c',
  '/a?x=%2e%2e%2f',
  '/a%zz',
  '/a%',
  '/\u00fc',
  '/a%0d%0aX-Auth-Subject:%20mallory',
  '/a|b',
  '/a"b',
  '/a<b>',
  '/a{b}',
];

describeForwardAuth('a request that is spelled oddly', (program) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await openGround(program, { ROLE_RULES: guardedByRole });
  });
  afterAll(() => ground.close());

  it.each(ways)('does not come by %j where it may not', async (target) => {
    const { status } = await ground.asAda({ target });
    expect([[400, 403].includes(status), ground.api.take()]).toEqual([true, []]);
  });

  it.each(odd)('is checked as the bytes that reach the API: %j', async (target) => {
    const { status } = await ground.asAda({ target });
    const checked = ground.questions.take().map(({ headers }) => valueOf(headers, 'x-forwarded-uri'));
    const arrived = ground.api.take().map((one) => one.target);
    if (status === 200) expect(arrived).toEqual(checked);
    else expect([status, arrived]).toEqual([400, []]);
  });

  it.each<[string, Sent]>([
    ['an absolute target', { target: 'http://HOST/guarded/x' }],
    ['an absolute target of another host', { target: 'http://elsewhere.example/guarded/x' }],
    ['an absolute target of another scheme', { target: 'https://HOST/guarded/x' }],
    ['a fragment', { target: '/guarded/x#y' }],
    ['no slash', { target: 'guarded/x' }],
    ['a method in small letters', { method: 'get', target: '/guarded/x' }],
    ['a method of its own', { method: 'MAKE-ROOM', target: '/guarded/x' }],
    [
      'two hosts',
      {
        target: '/guarded/x',
        headers: [
          ['Host', 'a'],
          ['Host', 'b'],
        ],
      },
    ],
    ['a method in a header', { headers: [['X-HTTP-Method-Override', 'DELETE']] }],
    ['what a proxy would say', { target: '/guarded/x', headers: [['X-Forwarded-Uri', '/']] }],
    ['what another proxy would say', { target: '/guarded/x', headers: [['X-Original-URI', '/']] }],
    [
      'a method that a proxy would tell',
      { target: '/guarded/x', headers: [['X-Forwarded-Method', 'OPTIONS']] },
    ],
    [
      'a path that IIS would take',
      {
        target: '/guarded/x',
        headers: [
          ['X-Original-URL', '/'],
          ['X-Rewrite-URL', '/'],
        ],
      },
    ],
  ])('reaches nothing by %s', async (_title, sent) => {
    const { host } = new URL(ground.gateway.url);
    const { status } = await ground.asAda({ ...sent, target: (sent.target ?? '/').replace('HOST', host) });
    expect([status >= 400 && status < 500, ground.api.take()]).toEqual([true, []]);
  });

  it.each<[string, Sent]>([
    ['an asterisk', { method: 'OPTIONS', target: '*' }],
    ['an authority', { method: 'CONNECT', target: 'HOST' }],
  ])('does not reach the API with %s, whether the gateway refuses it or not', async (_title, sent) => {
    const { host } = new URL(ground.gateway.url);
    await ground.asAda({ ...sent, target: sent.target?.replace('HOST', host) ?? '/' });
    expect(ground.api.take()).toEqual([]);
  });

  it('may have an absolute target that names this host, and is checked by its path', async () => {
    const { host } = new URL(ground.gateway.url);
    const { status } = await ground.asAda({ target: `http://${host}/open?a=b` });
    const arrived = ground.api.take().map(({ target }) => target.replace(`http://${host}`, ''));
    expect([status, arrived]).toEqual([200, ['/open?a=b']]);
  });

  it.each<[string, (ada: Header) => Header[]]>([
    ['the same credential twice', (ada) => [ada, ada]],
    ['the good credential first', (ada) => [ada, ['Authorization', 'Bearer x']]],
    ['the good credential last', (ada) => [['Authorization', 'Bearer x'], ada]],
    ['two schemes', (ada) => [['Authorization', 'Basic YTpi'], ada]],
    ['two credentials in one line', ([name, value]) => [[name, `${value}, ${value}`]]],
  ])('is refused with %s', async (_title, headers) => {
    const { status } = await send(ground.gateway.url, { headers: headers(ground.ada) });
    expect([status, ground.api.take()]).toEqual([400, []]);
  });

  it.each<[string, number, Sent]>([
    ['a conditional PUT', 200, { method: 'PUT', headers: [['If-None-Match', '*']], body: Buffer.from('{}') }],
    [
      'a conditional GET',
      200,
      {
        headers: [
          ['If-None-Match', '"x"'],
          ['If-Modified-Since', new Date(0).toUTCString()],
        ],
      },
    ],
    ['a request for a part', 200, { headers: [['Range', 'bytes=0-0']] }],
    ['HEAD', 200, { method: 'HEAD' }],
    ['a DELETE with a body', 200, { method: 'DELETE', body: Buffer.from('{}') }],
    ['an upgrade', 426, { headers: upgrade() }],
  ])('passes with a good credential, and not without: %s', async (_title, expected, sent) => {
    const { status } = await ground.asAda(sent);
    const [arrived] = ground.api.take();
    expect([status, arrived?.method]).toEqual([expected, sent.method ?? 'GET']);
    for (const [name, value] of sent.headers ?? [])
      expect(valueOf(arrived?.headers ?? [], name)?.toLowerCase()).toBe(value.toLowerCase());
    const unknownToken: Header = ['Authorization', 'Bearer x.y.z'];
    const refused = await send(ground.gateway.url, {
      ...sent,
      headers: [unknownToken, ...(sent.headers ?? [])],
    });
    expect([refused.status, ground.api.take()]).toEqual([401, []]);
  });
});

function upgrade(): Header[] {
  return [
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Version', '13'],
    // cspell:ignore Ghl IHN
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ];
}

const valueOf = (headers: readonly Header[], name: string): string | undefined =>
  headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
