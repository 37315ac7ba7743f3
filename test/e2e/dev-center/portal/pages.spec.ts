import { randomUUID } from 'node:crypto';
import { createLogger } from '#gatehouse/platform';
import { htmlText } from './html.js';
import { type PortalWorld, startPortalWorld } from './portal-world.js';
import type { Visitor } from './visitor.js';

const lines: string[] = [];
let world: PortalWorld;
let ada: Visitor;
beforeAll(async () => {
  world = await startPortalWorld({
    log: createLogger('dev-center', 'trace', { write: (line) => void lines.push(line) }),
  });
  ada = await world.loggedIn('ada');
});
afterAll(() => world.close());

const pages = ['/', '/clients', '/clients/new', '/doctor', '/activity', '/audit', '/nowhere'];

/** A new API key of a new client. */
async function keyOf(name: string): Promise<string> {
  const key = randomUUID();
  await ada.post('/clients/new', { name, strategy: 'api-key', expires: '', key });
  return /id="secret"\s+value="([^"]+)"/.exec((await ada.get(`/orders/${key}`)).body)![1]!;
}

describe('a page', () => {
  it.each(pages)('%s is not cached, runs no inline script and cannot be framed', async (path) => {
    const { headers, body } = await ada.get(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
    });
    expect(body).not.toMatch(/<script(?![^>]*src=)|<style| style=| on\w+="/);
  });

  it.each(pages)('%s is smaller than 100 kB, style and script included', async (path) => {
    const { body } = await ada.get(path);
    const files = [...body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThanOrEqual(3);
    const bodies = await Promise.all([...new Set(files)].map(async (file) => (await ada.get(file)).body));
    expect(body.length + bodies.join('').length).toBeLessThan(100_000);
  });

  it('that does not exist is 404, and links to the home page', async () => {
    const { status, body } = await ada.get('/nowhere');
    expect([status, body.includes('<a href="/">Home</a>')]).toEqual([404, true]);
  });
});

describe('the home page', () => {
  it('shows everybody the strategies with their measured figures, which are on, and the health of each part', async () => {
    const { text, status } = await world.visitor().get('/');
    expect(status).toBe(200);
    expect(text).toMatch(
      /Refresh token \(JWT\) on .*Client credentials on .*API key on .*E-mail and token on/,
    );
    expect(text).toMatch(/session \d+ [\d.]+ s yes/);
    expect(text).toMatch(/Todo API (?:ok|degraded).* FusionAuth ok, \d+ ms Database ok, \d+ ms/);
  });

  it('links to everything', async () => {
    const { body } = await world.visitor().get('/');
    for (const link of ['/compare/', '/compare/choose', `${world.api.url}/docs`, world.sandbox.url])
      expect(body).toContain(`href="${link}"`);
  });
});

describe('the doctor', () => {
  it('shows the step that refuses a credential, and neither repeats nor logs it', async () => {
    const [head, body = '', signature] = (await world.tokenOf('ada')).split('.');
    const forged = [head, body, signature!.replace(/^./, (one) => (one === 'A' ? 'B' : 'A'))].join('.');
    const page = await ada.post('/doctor', { credential: forged });
    expect(page.text).toMatch(/passed: form ✓ passed: header .*✗ failed: signature/);
    expect(page.body).not.toContain(body);
    expect(lines.join('')).not.toContain(body);
  });

  it('shows the client of a credential that was issued here', async () => {
    const secret = await keyOf('diagnosed');
    expect((await ada.post('/doctor', { credential: secret })).text).toMatch(
      /issued here [\w-]+ of diagnosed .*passed: accepted/,
    );
    expect(lines.join('')).not.toContain(secret);
  });

  it('shows how FusionAuth is configured to administrators only', async () => {
    const grace = await world.loggedIn('grace');
    const heading = 'How FusionAuth is configured';
    expect((await grace.post('/doctor', { credential: 'x' })).text).toContain(heading);
    expect((await ada.post('/doctor', { credential: 'x' })).text).not.toContain(heading);
  });

  it.each([
    ['too long for any credential', 16_385, 400],
    ['longer than the largest form', 40_000, 413],
  ])('asks for one credential only if the text is %s', async (_what, length, status) => {
    const page = await ada.post('/doctor', { credential: 'x'.repeat(length) });
    expect([page.status, page.text]).toEqual([
      status,
      expect.stringMatching(/longer than any credential.*Paste one credential and nothing else/),
    ]);
    expect(page.text).not.toMatch(/\bfile\b/);
  });

  it('asks for a credential if none was pasted', async () => {
    expect((await ada.post('/doctor', { credential: ' ' })).status).toBe(400);
  });

  it('is not an oracle: it checks at most thirty credentials a minute', async () => {
    const bruno = await world.loggedIn('bruno');
    const formToken = await bruno.formToken();
    const ask = () => bruno.send('/doctor', { formToken, credential: 'x' }, { origin: world.url });
    const statuses: number[] = [];
    for (let count = 0; count < 31; count += 1) statuses.push((await ask()).status);
    expect(statuses).toEqual([...Array<number>(30).fill(200), 429]);
    const tried = await bruno.send(
      '/try',
      { formToken, strategy: 'api-key', credential: 'x' },
      { origin: world.url },
    );
    expect(tried.status).toBe(429);
  });
});

describe('trying a credential', () => {
  it('that was revoked shows the refusal and the check that decided', async () => {
    const secret = await keyOf('tried');
    const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
    await world.devCenter.run('revoke', { client: 'tried', strategy: 'api-key' }, io);
    const { text, body } = await ada.post('/try', { strategy: 'api-key', credential: secret });
    expect(text).toMatch(/GET http:\S+\/todos\?limit=3 .*Answer 401 .*Refused at \w+/);
    expect(body).not.toContain(secret);
  });

  it('from the page’s script returns only the new part', async () => {
    const secret = await keyOf('tried-in-part');
    const { body } = await ada.post('/try', { strategy: 'api-key', credential: secret }, { 'x-part': '1' });
    expect([body.includes('<html'), htmlText(body)]).toEqual([false, expect.stringContaining('Answer 200')]);
  });

  it.each([
    { strategy: 'magic', credential: 'x' },
    { strategy: 'constructor', credential: 'x' },
    { strategy: 'jwt' },
  ])('of an unknown kind is refused: %j', async (sent) => {
    expect((await ada.post('/try', sent as Record<string, string>)).status).toBe(400);
  });
});

describe('the activity', () => {
  it('shows how the Todo API judged requests, by reason and strategy', async () => {
    await fetch(`${world.api.url}/todos`);
    await fetch(`${world.api.url}/todos`, { headers: { authorization: 'Bearer x.y.z' } });
    const { text, body } = await ada.get('/activity');
    expect(text).toMatch(/missing no credential presented \d+/);
    expect(text).toMatch(/(?:rejected|malformed) .*jwt \d+/);
    expect(body).toMatch(/<rect class="poor" width="\d+"/);
  });
});

describe('the audit trail', () => {
  it('shows who did what, and that its chain is intact', async () => {
    await keyOf('audited');
    const { text } = await ada.get('/audit');
    expect(text).toMatch(
      /The chain is intact: \d+ entries of all clients were recomputed, the last one [0-9a-f]{64}/,
    );
    expect(text).toMatch(/issue audited api-key …[0-9a-f]{8} you/);
  });

  it('shows the entry that was changed', async () => {
    const { pool } = world.api.database;
    await pool.query('alter table credential_audit disable trigger all');
    await pool.query(`update credential_audit set actor = 'somebody' where seq = 2`);
    expect((await ada.get('/audit')).text).toContain(
      'The chain is broken at entry 2: it differs from what was written.',
    );
  });
});

it('nothing that was pasted, tried or handed out is in the log, and no session either', () => {
  const all = lines.join('');
  for (const cookie of ada.cookies.values()) expect(all).not.toContain(cookie);
  expect(all).not.toMatch(/gatehouse_[\w-]{20}/);
});
