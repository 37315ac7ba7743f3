import PostalMime from 'postal-mime';
import type { PlannedMail } from './digest.js';
import { writeMessage } from './message.js';

const hour = 3_600_000;
const now = Date.parse('2026-11-22T10:00:00Z');
const parts = {
  from: { name: 'Todo reminders', address: 'reminders@gatehouse.example' },
  unsubscribeUrl: (recipient: string) => `https://reminders.example.com/unsubscribe/${recipient.length}.sig`,
};

let ids = 0;
const due = (title: string, hours = 8.5, id = `id-${String(ids++)}`) => ({
  id,
  title,
  dueAt: now + hours * hour,
});

const planned = (todos: PlannedMail['todos']): PlannedMail => ({
  id: 1,
  messageId: '<0123456789abcdef@gatehouse.example>',
  recipient: 'ada@example.com',
  timeZone: 'Europe/London',
  plannedAt: now,
  todos,
  total: todos.length,
});

async function sent(todos: PlannedMail['todos'], at = now, todoPage?: string) {
  const { bytes } = await writeMessage(planned(todos), at, { ...parts, todoPage });
  const mail = await PostalMime.parse(bytes);
  const source = bytes.toString();
  // Taken from the source: the parser of mails rewrites the line breaks of texts.
  const [, encoded = ''] = /filename=todos\.ics\r\n\r\n([^-]*)/.exec(source) ?? [];
  const content = Buffer.from(encoded, 'base64').toString();
  return { source, mail, calendar: { ...mail.attachments[0], content } };
}

describe('the digest mail', () => {
  it("has a subject with what is due and when, in the person's time zone", async () => {
    const { mail } = await sent([due('Water the plants')]);

    expect(mail.subject).toBe('Due today, 18:30 GMT: Water the plants');
    expect(mail.from).toMatchObject(parts.from);
    expect(mail.to).toEqual([expect.objectContaining({ address: 'ada@example.com' })]);
    expect(mail.messageId).toBe('<0123456789abcdef@gatehouse.example>');
    expect(mail.date).toBe('2026-11-22T10:00:00.000Z');
  });

  it('goes to an international domain by its A-label, in header and envelope', async () => {
    const mail = { ...planned([due('Water the plants')]), recipient: 'grete@bücher.example' };

    const { to, bytes } = await writeMessage(mail, now, parts);

    expect(to).toBe('grete@xn--bcher-kva.example');
    expect(bytes.toString()).toMatch(/^To: grete@xn--bcher-kva\.example\r$/m);
  });

  it('contains every todo in text and in HTML', async () => {
    const { mail } = await sent([
      due('Renew the passport', -2),
      due('Water the plants'),
      due('Call the bank', 23),
    ]);

    expect(mail.subject).toBe('3 todos: 1 overdue, 1 today, 1 tomorrow');
    for (const body of [mail.text, mail.html]) {
      for (const text of [
        'Renew the passport',
        '08:00',
        'Water the plants',
        '18:30',
        'Call the bank',
        '09:00',
      ])
        expect(body).toContain(text);
    }
  });

  it('links each todo to its page and to the question whether it is done, in text and in HTML', async () => {
    const page = 'https://dev.example.com/todos';
    const { mail } = await sent([due('Water the plants', 8, '1'), due('Call the bank', 23, '2')], now, page);

    expect(mail.text).toContain(`* Water the plants\n  18:00 GMT\n  ${page}/1\n  Done? ${page}/1/done\n`);
    const links = [...(mail.html ?? '').matchAll(/<a [^>]*href="([^"]+)"[^>]*>([^<]*)<\/a>/g)];
    expect(links.map(([, href, text]) => [href, text]).slice(0, 4)).toEqual([
      [`${page}/1`, 'Water the plants'],
      [`${page}/1/done`, 'Mark as done'],
      [`${page}/2`, 'Call the bank'],
      [`${page}/2/done`, 'Mark as done'],
    ]);
  });

  it('links only the unsubscribe page if people have no page of their todos', async () => {
    const { mail } = await sent([due('Water the plants')]);

    expect(mail.html?.match(/href=/g)).toHaveLength(1);
    expect(mail.text).not.toContain('Done?');
  });

  it('escapes the title and the id of a todo in its link', async () => {
    const page = 'https://dev.example.com/todos';
    const todo = due('"><img src=x>', 8, '"><img src=x>\n/../?');
    const { mail } = await sent([todo], now, page);

    expect(mail.html).not.toContain('<img');
    expect(mail.html).toContain(`href="${page}/%22%3E%3Cimg%20src%3Dx%3E%0A%2F..%2F%3F/done"`);
  });

  it('is marked as automatic (RFC 3834), and can be unsubscribed by one click (RFC 8058)', async () => {
    const { mail } = await sent([due('Water the plants')]);
    const headers = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]));

    expect(headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'list-unsubscribe': '<https://reminders.example.com/unsubscribe/15.sig>',
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
    expect(mail.html).toContain('href="https://reminders.example.com/unsubscribe/15.sig"');
    expect(mail.text).toContain('https://reminders.example.com/unsubscribe/15.sig');
  });

  it('has the same Message-ID at every attempt, and times relative to that attempt', async () => {
    const todos = [due('Water the plants')];
    const first = await sent(todos);
    const second = await sent(todos, now + 9 * hour);

    expect((await sent(todos)).source).toBe(first.source);
    expect(second.mail.messageId).toBe(first.mail.messageId);
    expect(second.mail.subject).toBe('Overdue: Water the plants');
  });

  it.each([
    '\r\nBcc: eve@example.com',
    '\nBcc: eve@example.com',
    '\u2028Bcc: eve@example.com',
    '\r\n\r\nBcc: x',
  ])('replaces the line break in the title %j by a space, so that it cannot add a header', async (tail) => {
    const { mail, source } = await sent([due(`Water${tail}`)]);

    expect(mail.subject).toBe(`Due today, 18:30 GMT: Water ${tail.trim()}`);
    expect(mail.bcc ?? []).toEqual([]);
    expect(source).not.toMatch(/^Bcc:/im);
  });

  it('escapes markup in a title', async () => {
    const { mail } = await sent([due('<img src=x onerror=alert(1)> & "co" \'s')]);

    expect(mail.html).not.toContain('<img');
    expect(mail.html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;co&quot; &#39;s');
    expect(mail.text).toContain('<img src=x onerror=alert(1)> & "co" \'s');
  });

  it('preserves titles in any script, and emoji', async () => {
    const { mail, calendar } = await sent([due('水やり 🌱 – Füße שלום')]);

    expect(mail.subject).toBe('Due today, 18:30 GMT: 水やり 🌱 – Füße שלום');
    expect(mail.text).toContain('水やり 🌱 – Füße שלום');
    expect(calendar.content).toContain('水やり 🌱 – Füße שלום');
  });

  it('loads nothing, and has only the unsubscribe link', async () => {
    const { mail } = await sent([due('Water the plants')]);

    expect(mail.html).not.toMatch(/<(img|script|link|iframe|form)\b|url\(|@import/i);
    expect(mail.html?.match(/https?:\/\/[^"<\s]+/g)).toEqual([
      'https://reminders.example.com/unsubscribe/15.sig',
    ]);
  });

  it('limits every line to the 998 characters of RFC 5322, for any titles', async () => {
    const { source } = await sent(Array.from({ length: 200 }, () => due('長'.repeat(200))));

    expect(Math.max(...source.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(998);
  });

  it('attaches the todos that are not yet due as a calendar file of the matching type', async () => {
    const { calendar, source } = await sent([due('Overdue', -1), due('Water the plants', 8.5, 'abc')]);

    expect(calendar).toMatchObject({ filename: 'todos.ics', mimeType: 'text/calendar' });
    expect(calendar.content).toContain('UID:abc@gatehouse.example');
    // RFC 5545 section 8.1: the parameter `method` names the METHOD of the file, which has none.
    expect(calendar.content).not.toContain('METHOD');
    expect(source).toMatch(/^Content-Type: text\/calendar; charset=utf-8(; name=todos\.ics)?\r$/m);
    expect((await sent([due('Overdue', -1)])).mail.attachments).toEqual([]);
  });
});
