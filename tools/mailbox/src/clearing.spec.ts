import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { createLogger } from '#gatehouse/platform';
import { temporaryDirectory } from '../../../test/support/embedded-database.js';
import { type Mailbox, startMailbox } from './start-mailbox.js';

const log = createLogger('mailbox', 'silent');

describe('searching and deleting mails', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let mailbox: Mailbox;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    mailbox = await startMailbox({ smtpPort: 0, pagePort: 0, dataDir: directory.path, log });
    await send('Due today', 'ada@example.com');
    await send('Due tomorrow', 'bruno@example.com');
  });
  afterEach(async () => {
    await mailbox.close();
    await directory.remove();
  });

  const send = (subject: string, to: string) =>
    createTransport(mailbox.smtpUrl).sendMail({ from: 'reminder@example.com', to, subject, text: 'Water' });
  const page = async (path: string) => (await fetch(mailbox.pageUrl + path)).text();
  const subjects = () => mailbox.messages().map(({ subject }) => subject);

  /** Returns the fields that a browser would send from the page that asks. */
  async function form(): Promise<Record<string, string>> {
    const markup = await page('/clear');
    return Object.fromEntries(
      [...markup.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
  }
  const press = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${mailbox.pageUrl}/clear`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: mailbox.pageUrl, ...headers },
      body: new URLSearchParams(fields),
    });

  it('shows what a search finds, and has the search in the address of the list and of every link', async () => {
    const found = await page('/?q=to%3Abruno');
    expect(found).toContain('Due tomorrow');
    expect(found).not.toContain('Due today');
    expect(found).toContain('<span>1 of 2</span>');
    expect(found).toContain('href="/mails/2?q=to%3Abruno"');
    const open = await page('/mails/2?q=to%3Abruno');
    expect(open).not.toContain('Due today');
    expect(open).toContain('href="/mails/2?q=to%3Abruno&amp;view=source"');
    expect(await (await fetch(`${mailbox.pageUrl}/api/mails?q=today`)).json()).toMatchObject([{ id: '1' }]);
  });

  it('shows a hostile search as text', async () => {
    const hostile = `"'><script>alert(1)</script><img src=x>`;
    for (const path of ['/', '/mails/1']) {
      const markup = await page(`${path}?q=${encodeURIComponent(hostile)}`);
      expect(markup).toContain('value="&quot;&#39;&gt;&lt;script&gt;');
      expect(markup).not.toMatch(/<script>|<img src=x/);
    }
  });

  it('says that nothing is found', async () => {
    expect(await page('/?q=nothing')).toMatch(/<span>0 of 2<\/span>[^]*No mail found/);
  });

  it('deletes all mails once somebody has confirmed it, from the disk too', async () => {
    expect(await page('/clear')).toContain('Delete all 2 mails?');
    expect(subjects()).toHaveLength(2);
    const answer = await press(await form());
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    expect([subjects(), readdirSync(join(directory.path, 'mailbox'))]).toEqual([[], []]);
    expect(await page('/')).toContain('No mail yet');
    expect(await page('/clear')).toContain('No mail yet');
  });

  it('does not delete a mail that arrived after the question was shown', async () => {
    const fields = await form();
    await send('Just now', 'chiyo@example.com');
    await press(fields);
    expect(subjects()).toEqual(['Just now']);
  });

  it.each([
    ['without its token', { formToken: '' }, {}],
    ['with a token of before a restart', { formToken: 'x'.repeat(43) }, {}],
    ['of another site', {}, { origin: 'https://evil.example' }],
    ['of another port of this machine', {}, { origin: 'http://127.0.0.1:1' }],
    ['of a page that hides where it is', {}, { origin: 'null' }],
  ])('deletes nothing by a form %s', async (_what, fields: object, headers: object) => {
    const answer = await press({ ...(await form()), ...fields }, { ...headers });
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining('No mail was deleted.'),
    ]);
    expect(subjects()).toHaveLength(2);
  });

  it('deletes nothing by a form without an Origin', async () => {
    const fields = await form();
    const answer = await fetch(`${mailbox.pageUrl}/clear`, {
      method: 'POST',
      body: new URLSearchParams(fields),
    });
    expect([answer.status, subjects().length]).toEqual([403, 2]);
  });

  it('lets the browser say where the form came from', async () => {
    const { headers } = await fetch(`${mailbox.pageUrl}/clear`);
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('content-security-policy')).toMatch(/form-action 'self'; frame-ancestors 'none'/);
  });

  it('notifies open pages that mails were deleted', async () => {
    const events = await fetch(`${mailbox.pageUrl}/events`);
    const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    await press(await form());
    expect((await reader.read()).value).toContain('event: cleared\ndata: ');
    await reader.cancel();
  });

  it('reads no more of a form than its own needs', async () => {
    const answer = await press({ padding: 'x'.repeat(100_000), ...(await form()) });
    expect([answer.status, subjects().length]).toEqual([403, 2]);
  });
});
