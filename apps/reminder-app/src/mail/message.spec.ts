import PostalMime from 'postal-mime';
import type { PlannedMail } from './digest.js';
import { writeMessage } from './message.js';

const sender = { name: 'Todo reminders', address: 'reminders@gatehouse.example' };
const plannedAt = Date.parse('2026-11-22T10:00:00Z');

const digest = (todos: PlannedMail['todos']): PlannedMail => ({
  messageId: '<0123456789abcdef@gatehouse.example>',
  recipient: 'ada@example.com',
  timeZone: 'Europe/London',
  plannedAt,
  todos,
});

const due = (title: string, dueAt = '2026-11-22T18:30:00Z') => ({ title, dueAt: Date.parse(dueAt) });

async function sent(todos: PlannedMail['todos']) {
  const { bytes } = await writeMessage(digest(todos), sender);
  return { source: bytes.toString(), mail: await PostalMime.parse(bytes) };
}

describe('the digest mail', () => {
  it('says in its subject what is due and when, by the clock of the person', async () => {
    const { mail } = await sent([due('Water the plants')]);

    expect(mail.subject).toBe('Due today, 18:30 GMT: Water the plants');
    expect(mail.from).toMatchObject(sender);
    expect(mail.to).toEqual([expect.objectContaining({ address: 'ada@example.com' })]);
    expect(mail.messageId).toBe('<0123456789abcdef@gatehouse.example>');
    expect(mail.date).toBe('2026-11-22T10:00:00.000Z');
  });

  it('holds every todo in text and in HTML', async () => {
    const { mail } = await sent([
      due('Water the plants'),
      due('Call the bank', '2026-11-23T09:00:00Z'),
      due('Renew the passport', '2026-11-22T08:00:00Z'),
    ]);

    expect(mail.subject).toBe('3 todos, the first due today, 18:30 GMT');
    for (const body of [mail.text, mail.html]) {
      expect(body).toContain('Water the plants');
      expect(body).toContain('due today, 18:30 GMT');
      expect(body).toContain('Call the bank');
      expect(body).toContain('due tomorrow, 09:00 GMT');
      expect(body).toContain('was due today, 08:00 GMT');
    }
  });

  it('is marked as sent by a program (RFC 3834)', async () => {
    const { mail } = await sent([due('Water the plants')]);

    expect(mail.headers).toContainEqual(
      expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
    );
  });

  it('is the same to the byte at every attempt', async () => {
    const first = await writeMessage(digest([due('Water the plants')]), sender);
    const second = await writeMessage(digest([due('Water the plants')]), sender);

    expect(second.bytes.equals(first.bytes)).toBe(true);
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
    const { mail } = await sent([due('水やり 🌱 – Füße שלום')]);

    expect(mail.subject).toBe('Due today, 18:30 GMT: 水やり 🌱 – Füße שלום');
    expect(mail.text).toContain('水やり 🌱 – Füße שלום');
  });

  it('fetches nothing: no image, no link, no script', async () => {
    const { mail } = await sent([due('Water the plants')]);

    expect(mail.html).not.toMatch(/<(img|a|script|link|iframe)\b|url\(|https?:/i);
  });

  it('keeps every line within the 998 characters of RFC 5322, whatever the titles', async () => {
    const { source } = await sent(Array.from({ length: 300 }, () => due('長'.repeat(200))));

    expect(Math.max(...source.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(998);
  });

  it('counts what it leaves out when there are hundreds', async () => {
    const { mail } = await sent(Array.from({ length: 250 }, (_, index) => due(`todo number ${index}.`)));

    expect(mail.subject).toMatch(/^250 todos/);
    expect(mail.text).toContain('todo number 99.');
    expect(mail.text).not.toContain('todo number 100.');
    expect(mail.text).toContain('and 150 more');
    expect(mail.html).toContain('and 150 more');
  });
});
