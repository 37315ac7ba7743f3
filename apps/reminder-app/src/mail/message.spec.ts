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

async function sent(todos: PlannedMail['todos'], at = now) {
  const { bytes } = await writeMessage(planned(todos), at, parts);
  const mail = await PostalMime.parse(bytes);
  const source = bytes.toString();
  // Taken from the source: the parser of mails rewrites the line breaks of texts.
  const [, encoded = ''] = /filename=todos\.ics\r\n\r\n([^-]*)/.exec(source) ?? [];
  const content = Buffer.from(encoded, 'base64').toString();
  return { source, mail, calendar: { ...mail.attachments[0], content } };
}

describe('the digest mail', () => {
  it('says in its subject what is due and when, by the clock of the person', async () => {
    const { mail } = await sent([due('Water the plants')]);

    expect(mail.subject).toBe('Due today, 18:30 GMT: Water the plants');
    expect(mail.from).toMatchObject(parts.from);
    expect(mail.to).toEqual([expect.objectContaining({ address: 'ada@example.com' })]);
    expect(mail.messageId).toBe('<0123456789abcdef@gatehouse.example>');
    expect(mail.date).toBe('2026-11-22T10:00:00.000Z');
  });

  it('holds every todo in text and in HTML', async () => {
    const { mail } = await sent([
      due('Renew the passport', -2),
      due('Water the plants'),
      due('Call the bank', 23),
    ]);

    expect(mail.subject).toBe('3 todos: 1 overdue, 1 today, 1 tomorrow');
    for (const body of [mail.text, mail.html])
      for (const text of [
        'Renew the passport',
        '08:00',
        'Water the plants',
        '18:30',
        'Call the bank',
        '09:00',
      ])
        expect(body).toContain(text);
  });

  it('is marked as sent by a program (RFC 3834), and unsubscribed from by one click (RFC 8058)', async () => {
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

  it('has the same Message-ID at every attempt, and tells times as of that attempt', async () => {
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
  ])('turns the line break of the title %j into a blank, so that no header grows out of it', async (tail) => {
    const { mail, source } = await sent([due(`Water${tail}`)]);

    expect(mail.subject).toBe(`Due today, 18:30 GMT: Water ${tail.trim()}`);
    expect(mail.bcc ?? []).toEqual([]);
    expect(source).not.toMatch(/^Bcc:/im);
  });

  it('shows markup in a title as the characters it is made of', async () => {
    const { mail } = await sent([due('<img src=x onerror=alert(1)> & "co" \'s')]);

    expect(mail.html).not.toContain('<img');
    expect(mail.html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;co&quot; &#39;s');
    expect(mail.text).toContain('<img src=x onerror=alert(1)> & "co" \'s');
  });

  it('carries titles of any script and emoji unharmed', async () => {
    const { mail, calendar } = await sent([due('水やり 🌱 – Füße שלום')]);

    expect(mail.subject).toBe('Due today, 18:30 GMT: 水やり 🌱 – Füße שלום');
    expect(mail.text).toContain('水やり 🌱 – Füße שלום');
    expect(calendar.content).toContain('水やり 🌱 – Füße שלום');
  });

  it('fetches nothing, and has no link but the one to unsubscribe', async () => {
    const { mail } = await sent([due('Water the plants')]);

    expect(mail.html).not.toMatch(/<(img|script|link|iframe|form)\b|url\(|@import/i);
    expect(mail.html?.match(/https?:\/\/[^"<\s]+/g)).toEqual([
      'https://reminders.example.com/unsubscribe/15.sig',
    ]);
  });

  it('keeps every line within the 998 characters of RFC 5322, whatever the titles', async () => {
    const { source } = await sent(Array.from({ length: 200 }, () => due('長'.repeat(200))));

    expect(Math.max(...source.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(998);
  });

  describe('has a calendar file', () => {
    const linesOf = ({ content }: { content: string }) =>
      content.replaceAll('\r\n ', '').trim().split('\r\n');

    it('of what is yet to fall due, in the form of RFC 5545', async () => {
      const { calendar } = await sent([due('Overdue', -1), due('Water the plants', 8.5, 'abc')]);

      expect(calendar).toMatchObject({ filename: 'todos.ics', mimeType: 'text/calendar', method: 'PUBLISH' });
      expect(linesOf(calendar)).toEqual([
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//Gatehouse//Todo reminders//EN',
        'METHOD:PUBLISH',
        'BEGIN:VEVENT',
        'UID:abc@gatehouse.example',
        'SEQUENCE:0',
        'DTSTAMP:20261122T100000Z',
        'DTSTART:20261122T183000Z',
        'SUMMARY:Water the plants',
        'TRANSP:TRANSPARENT',
        'END:VEVENT',
        'END:VCALENDAR',
      ]);
    });

    it('in which a todo keeps its UID when its due date moves, so that a calendar moves the event', async () => {
      const uidOf = async (hours: number) =>
        linesOf((await sent([due('Water', hours, 'abc')])).calendar).find((line) => line.startsWith('UID:'));

      expect(await uidOf(1)).toBe('UID:abc@gatehouse.example');
      expect(await uidOf(5)).toBe('UID:abc@gatehouse.example');
    });

    it('that no title breaks out of, in lines of at most 75 octets', async () => {
      const { calendar } = await sent([due(`a;b,c\\d\r\nATTACH:http://evil.example ${'長'.repeat(60)}`)]);
      const raw = calendar.content;

      expect(linesOf(calendar).filter((line) => line.startsWith('ATTACH'))).toEqual([]);
      expect(linesOf(calendar)).toContainEqual(
        expect.stringMatching(/^SUMMARY:a\\;b\\,c\\\\d ATTACH:http:\/\/evil\.example 長+$/),
      );
      for (const line of raw.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    });

    it('only when something is yet to fall due', async () => {
      expect((await sent([due('Overdue', -1)])).mail.attachments).toEqual([]);
    });
  });
});
