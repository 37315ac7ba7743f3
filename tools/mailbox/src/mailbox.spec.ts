import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Script } from 'node:vm';
import { createTransport } from 'nodemailer';
import { createLogger, ExitError } from '#gatehouse/platform';
import { temporaryDirectory } from '../../../test/support/embedded-database.js';
import { runTypeScript, startTypeScript } from '../../../test/support/typescript-process.js';
import { type Mailbox, startMailbox } from './start-mailbox.js';

const log = createLogger('mailbox', 'silent');
const hostile = `"'><script>document.title='owned'</script><img src=x onerror=alert(1)>`;

describe('the mailbox', () => {
  let mailbox: Mailbox;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    mailbox = await startMailbox({ smtpPort: 0, pagePort: 0, dataDir: directory.path, log });
  });
  afterEach(async () => {
    await mailbox.close();
    await directory.remove();
  });

  const send = (mail: object) =>
    createTransport(mailbox.smtpUrl).sendMail({
      from: '"Reminder" <reminder@example.com>',
      to: 'ada@example.com',
      subject: 'Due today',
      text: 'Water the plants',
      ...mail,
    });
  const get = (path: string) => fetch(mailbox.pageUrl + path);
  const page = async (path: string) => (await get(path)).text();

  it('stores what was sent by SMTP: recipients, subject, text, HTML, attachments and source', async () => {
    const attachments = [
      { filename: 'due (1).ics', content: 'BEGIN:VCALENDAR', contentType: 'text/calendar' },
    ];
    await send({
      subject: 'Fällig — today',
      html: '<p>Water <b>them</b></p>',
      bcc: 'audit@example.com',
      attachments,
    });
    const [mail] = mailbox.messages();
    expect(mail).toMatchObject({
      from: 'Reminder <reminder@example.com>',
      to: ['ada@example.com', 'audit@example.com'],
      subject: 'Fällig — today',
      text: 'Water the plants',
    });
    expect(mail?.html).toContain('<p>Water <b>them</b></p>');
    expect(mail?.attachments.map(({ name, type }) => [name, type])).toEqual([
      ['due (1).ics', 'text/calendar'],
    ]);
    expect(await page(`/mails/${mail?.id}/source`)).toContain('Message-ID: ');
    const file = await get(`/mails/${mail?.id}/attachments/0`);
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''due%20%281%29.ics`);
    expect((await file.text()).trim()).toBe('BEGIN:VCALENDAR');
  });

  it('says what will make a mail arrive while there is none', async () => {
    expect(await page('/')).toContain(`Send one to <code>${mailbox.smtpUrl}</code>`);
    expect(await (await get('/api/mails')).json()).toEqual([]);
  });

  it('lists mails newest first for people and for scripts', async () => {
    await send({ subject: 'First' });
    await send({ subject: 'Second', to: 'bruno@example.com' });
    const list = await page('/');
    expect(list.indexOf('Second')).toBeLessThan(list.indexOf('First'));
    expect(list).toContain('<title>Mailbox (2)</title>');
    const answer = await get('/api/mails');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toMatchObject([
      { id: '2', subject: 'Second', to: ['bruno@example.com'], preview: 'Water the plants' },
      { id: '1', subject: 'First', to: ['ada@example.com'] },
    ]);
    expect(await (await get('/api/mails/1')).json()).toMatchObject({ text: 'Water the plants', html: null });
  });

  it('shows one mail as HTML in a sandboxed frame, as text with links, and as source', async () => {
    await send({ text: 'See https://example.com/a?b=1&c=2. Bye', html: '<p>Hello</p>' });
    expect(await page('/mails/1')).toMatch(
      /<iframe[^>]*src="\/mails\/1\/html"[^>]*sandbox="allow-popups[^"]*"/,
    );
    expect(await page('/mails/1?view=text')).toContain(
      '<a href="https://example.com/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">',
    );
    expect(await page('/mails/1?view=source')).toContain('Subject: Due today');
  });

  it('renders a hostile subject, sender, text and file name as text', async () => {
    await send({
      subject: hostile,
      from: { name: hostile, address: 'x@example.com' },
      text: hostile,
      attachments: [{ filename: hostile, content: 'x' }],
    });
    for (const path of ['/', '/mails/1', '/mails/1?view=text', '/mails/1?view=source']) {
      const markup = await page(path);
      expect(markup).toContain('&lt;script&gt;');
      expect(markup).not.toContain('<script>');
      expect(markup).not.toContain('<img src=x');
    }
  });

  it('allows no inline script on its page, and only inline style and images in a mail', async () => {
    await send({ html: '<html><head></head><body><script>alert(1)</script></body></html>' });
    const policyOf = async (path: string) => (await get(path)).headers.get('content-security-policy') ?? '';
    const own = await policyOf('/');
    expect(own).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(own).not.toContain('unsafe');
    const mail = await policyOf('/mails/1/html');
    expect(mail).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/);
    expect(mail).not.toMatch(/script-src|allow-scripts|allow-same-origin/);
    expect(await page('/mails/1/html')).toContain('<head><base target="_blank">');
    expect(await policyOf('/mails/1/source')).toContain('sandbox');
    for (const path of ['/', '/mails/1/html', '/api/mails', '/mailbox.js'])
      expect((await get(path)).headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('notifies an open page of a new mail', async () => {
    const events = await get('/events');
    const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('retry: 1000\n\n');
    await send({});
    expect((await reader.read()).value).toBe('event: mail\ndata: 1\n\n');
    await reader.cancel();
  });

  it('refuses a message over the size limit and stores nothing of it', async () => {
    await expect(send({ text: 'x'.repeat(6 * 1024 * 1024) })).rejects.toMatchObject({ responseCode: 552 });
    const unannounced = createTransport({ url: mailbox.smtpUrl, ignoreTLS: true });
    await expect(
      unannounced.sendMail({
        envelope: { from: 'a@b.example', to: 'c@d.example', size: 1 },
        raw: 'x\r\n'.repeat(2_000_000),
      }),
    ).rejects.toMatchObject({ responseCode: 552 });
    expect(mailbox.messages()).toHaveLength(0);
    await send({});
    expect(mailbox.messages()).toHaveLength(1);
  });

  it('stores a message that is not MIME at all', async () => {
    await send({ raw: 'no header here' });
    expect(mailbox.messages()[0]?.subject).toBe('(no subject)');
    expect(await page('/mails/1?view=source')).toContain('no header here');
  });

  it('answers 404 with a page for a dropped mail, and 404 for what never existed', async () => {
    const gone = await get('/mails/7');
    expect([gone.status, await gone.text()]).toEqual([404, expect.stringContaining('This mail is gone')]);
    for (const path of [
      '/nowhere',
      '/mails/1/html',
      '/api/mails/1',
      '/api/mails/1/html',
      '/mails/x',
      '/constructor',
    ])
      expect((await get(path)).status).toBe(404);
  });

  const status = (headers: Record<string, string>, method = 'GET', path = '/') =>
    new Promise((resolve, reject) => {
      request(mailbox.pageUrl, { headers, method, path }, (answer) => {
        resolve(answer.resume().statusCode);
      })
        .on('error', reject)
        .end();
    });

  it.each(['//', '//[', 'http://['])('answers 400 to %s, which is not a URL, and continues', async (path) => {
    expect(await status({}, 'GET', path)).toBe(400);
    expect(await status({})).toBe(200);
  });

  it('refuses requests under a foreign name and every method that is not reading', async () => {
    expect(await status({ host: 'attacker.example' })).toBe(421);
    expect(await status({ host: 'localhost:1080' })).toBe(200);
    expect(await status({}, 'DELETE')).toBe(405);
  });

  it('names the variable of a port that is taken', async () => {
    const again = (ports: { smtpPort: number; pagePort: number }) =>
      startMailbox({ ...ports, dataDir: `${directory.path}/other`, log }).catch((error: unknown) => error);
    const smtpPort = Number(new URL(mailbox.smtpUrl).port);
    const pagePort = Number(new URL(mailbox.pageUrl).port);
    const refused = [await again({ smtpPort, pagePort: 0 }), await again({ smtpPort: 0, pagePort })];
    expect(
      refused.map((error) => error instanceof ExitError && /set (\w+)/.exec(error.message)?.[1]),
    ).toEqual(['SMTP_PORT', 'MAILBOX_PORT']);
  });

  it('serves a script that parses', async () => {
    const script = await page('/mailbox.js');
    expect(() => new Script(script)).not.toThrow();
  });
});

describe('npm run mailbox', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeEach(async () => (directory = await temporaryDirectory()));
  afterEach(() => directory.remove());

  const main = join(import.meta.dirname, 'main.ts');

  it('listens where it says, on this machine alone', async () => {
    const child = startTypeScript(main, [], {
      ...{ SMTP_PORT: '0', MAILBOX_PORT: '0', DATA_DIR: directory.path, HOST: '0.0.0.0' },
    });
    const lines = createInterface(child.stdout!);
    const said: Record<string, string> = await new Promise((resolve) =>
      lines.on('line', (line) => {
        if (line.includes('the mailbox listens')) resolve(JSON.parse(line));
      }),
    );
    const { smtp = '', page = '' } = said;
    await createTransport(smtp).sendMail({ from: 'a@b.example', to: 'c@d.example', text: 'x' });
    const [mail] = (await (await fetch(`${page}/api/mails`)).json()) as { to: string[] }[];
    expect([mail?.to, new URL(page).hostname]).toEqual([['c@d.example'], '127.0.0.1']);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([143, null]);
  });

  it('refuses production, where its mails would be missed', async () => {
    const { exitCode, stderr } = await runTypeScript(main, [], { NODE_ENV: 'production' });
    expect([exitCode, stderr]).toEqual([78, expect.stringContaining('NODE_ENV: must not be production')]);
  });
});
