import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createLogger, type Listening, Secret } from '#gatehouse/platform';
import { UnsubscribeLinks } from './unsubscribe-link.js';
import { serveUnsubscribe } from './unsubscribe-server.js';

const links = new UnsubscribeLinks('https://reminders.example.com/mail', new Secret('a key of the test'));

describe('the unsubscribe link', () => {
  const tokenOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);

  it('identifies one address, and is always the same', () => {
    const url = links.urlFor('ada@example.com');

    expect(url).toMatch(/^https:\/\/reminders\.example\.com\/mail\/unsubscribe\/[\w-]+\.[\w-]{43}$/);
    expect(links.urlFor('ada@example.com')).toBe(url);
    expect(links.recipientOf(tokenOf(url))).toBe('ada@example.com');
  });

  it.each([
    [
      'another address',
      (token: string) => `${Buffer.from('eve@example.com').toString('base64url')}.${token.split('.')[1]!}`,
    ],
    ['another signature', (token: string) => `${token.slice(0, -2)}AA`],
    ['no signature', (token: string) => `${token.split('.')[0]!}.`],
    ['its end cut off', (token: string) => token.slice(0, -1)],
    ['nothing', () => ''],
  ])('is invalid with %s', (_what, forge) => {
    expect(links.recipientOf(forge(tokenOf(links.urlFor('ada@example.com'))))).toBeUndefined();
  });

  it('identifies the canonical recipient, even if it was made for another spelling', () => {
    const old = tokenOf(links.urlFor('ada@bücher.example'));

    expect(links.recipientOf(old)).toBe('ada@xn--bcher-kva.example');
  });

  it('is invalid with another key', () => {
    const other = new UnsubscribeLinks('https://reminders.example.com', new Secret('another key'));

    expect(other.recipientOf(tokenOf(links.urlFor('ada@example.com')))).toBeUndefined();
  });
});

describe('the unsubscribe page', () => {
  const unsubscribed = new Set<string>();
  let served: Listening;
  let broken = false;
  const lines: string[] = [];

  const kept = <T>(value: T) => (broken ? Promise.reject(new Error('no database')) : Promise.resolve(value));
  const people = {
    isUnsubscribed: (recipient: string) => kept(unsubscribed.has(recipient)),
    unsubscribe: (recipient: string) => kept(void unsubscribed.add(recipient)),
    resubscribe: (recipient: string) => kept(void unsubscribed.delete(recipient)),
  };
  beforeAll(async () => {
    const log = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });
    served = await serveUnsubscribe({ host: '127.0.0.1', port: 0, links, people, log });
  });
  afterAll(() => served.close());
  beforeEach(() => {
    broken = false;
    unsubscribed.clear();
    lines.splice(0);
  });

  const path = new URL(links.urlFor('ada@example.com')).pathname;
  const ask = (init: RequestInit = {}, at = path) => fetch(`${served.url}${at}`, init);
  const post = (body: URLSearchParams | FormData | string) => ask({ method: 'POST', body });

  it.each(['GET', 'HEAD'])(
    'changes nothing on a %s, even when a scanner follows the link many times',
    async (method) => {
      for (let visit = 0; visit < 3; visit++) expect((await ask({ method })).status).toBe(200);

      expect(unsubscribed).toEqual(new Set());
    },
  );

  it('shows a person what the button will do, and for whom', async () => {
    const answer = await ask();
    const page = await answer.text();

    expect(page).toContain('ada@example.com gets a mail when todos are due.');
    expect(page).toMatch(
      /<form method="post"><button[^>]* name="action" value="unsubscribe">Unsubscribe<\/button>/,
    );
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('unsubscribes by one click (RFC 8058), as a form or multipart, without a redirect', async () => {
    const parts = new FormData();
    parts.set('List-Unsubscribe', 'One-Click');
    for (const body of [new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), parts]) {
      unsubscribed.clear();
      const answer = await post(body);

      expect(answer).toMatchObject({ status: 200, redirected: false });
      expect(unsubscribed).toEqual(new Set(['ada@example.com']));
    }
  });

  it('unsubscribes by its button, says so, and has a button to undo it', async () => {
    expect(await (await post(new URLSearchParams({ action: 'unsubscribe' }))).text()).toContain(
      'no more reminders',
    );
    expect(await (await ask()).text()).toContain('value="resubscribe"');

    expect(await (await post(new URLSearchParams({ action: 'resubscribe' }))).text()).toContain('on again');
    expect(unsubscribed).toEqual(new Set());
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'a person unsubscribed',
      'a person resubscribed',
    ]);
    expect(lines.join()).not.toContain('ada');
  });

  it('answers 404 to a link that is not one of ours, for any method, and changes nothing', async () => {
    const forged = path.slice(0, -2);
    for (const method of ['GET', 'POST', 'DELETE']) {
      for (const at of [forged, '/unsubscribe/', '/unsubscribe/../livez/x'])
        expect((await ask({ method }, at)).status).toBe(404);
    }
    expect((await ask({ method: 'POST' }, '/')).status).toBe(404);

    expect(unsubscribed).toEqual(new Set());
  });

  it('describes itself at its root, and answers a monitor by /livez', async () => {
    const live = await ask({}, '/livez');
    expect([live.headers.get('content-type'), await live.text()]).toEqual(['text/plain', 'ok\n']);
    expect((await ask({ method: 'HEAD' }, '/')).status).toBe(200);
    const answer = await ask({}, '/');
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining('links at the end of each mail'),
    ]);
  });

  it('answers 405 to other methods', async () => {
    const answer = await ask({ method: 'DELETE' });

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it('answers 503, not success, while the database is down', async () => {
    broken = true;

    const answer = await post(new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }));

    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('60');
    expect(await answer.text()).toContain('Nothing has changed');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        err: expect.objectContaining({ message: 'no database' }) as object,
        msg: 'an unsubscription could not be recorded',
      }),
    ]);
  });

  it('escapes an address', async () => {
    const at = new URL(links.urlFor('"<script>alert(1)</script>"@example.com')).pathname;
    const page = await (await ask({}, at)).text();

    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script&gt;');
  });

  it('accepts a body of any length without storing it', async () => {
    const answer = await post(`${'x'.repeat(1_000_000)}&action=resubscribe`);

    expect(answer.status).toBe(200);
    expect(unsubscribed).toEqual(new Set(['ada@example.com']));
  });

  it('keeps an idle connection open for longer than a proxy does, so that no request meets a closing one', async () => {
    // nginx, HAProxy and Envoy keep theirs for 60 s at most, unless told otherwise.
    const [, seconds] = /timeout=(\d+)/.exec((await ask()).headers.get('keep-alive') ?? '') ?? [];

    expect(Number(seconds)).toBeGreaterThan(60);
  });

  it('answers 408 to an incomplete request at most a second after its time limit', async () => {
    const log = createLogger('test', 'silent');
    const strict = await serveUnsubscribe({
      ...{ host: '127.0.0.1', port: 0 },
      links,
      people,
      log,
      requestTimeoutMs: 200,
    });
    const started = performance.now();
    const half = request(`${strict.url}${path}`, { method: 'POST', headers: { 'content-length': '10' } });
    half.write('x');

    const [answer] = (await once(half, 'response')) as [IncomingMessage];

    expect(answer.statusCode).toBe(408);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(unsubscribed).toEqual(new Set());
    half.destroy();
    await strict.close();
  });

  it('closes without waiting for an idle connection', async () => {
    const log = createLogger('test', 'silent');
    let asked = () => {};
    const arrived = new Promise<void>((resolve) => (asked = resolve));
    const slow = {
      ...people,
      isUnsubscribed: async () => {
        asked();
        await new Promise((resolve) => setTimeout(resolve, 200));
        return false;
      },
    };
    const closing = await serveUnsubscribe({ host: '127.0.0.1', port: 0, links, people: slow, log });
    const answer = fetch(`${closing.url}${path}`);
    await arrived;
    const started = performance.now();

    await closing.close();

    const { status, headers } = await answer;
    expect([status, headers.get('connection')]).toEqual([200, 'close']);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('closes connections with an unfinished request, and continues to serve others', async () => {
    const half = request(`${served.url}${path}`, { method: 'POST', headers: { 'content-length': '10' } });
    half.on('error', () => undefined);
    half.write('x');
    await new Promise((resolve) => setTimeout(resolve, 20));
    half.destroy();

    expect((await ask()).status).toBe(200);
    expect((await ask({}, '/livez')).status).toBe(200);
  });
});
