import { cpuTime } from '../../../test/support/cpu-time.js';
import type { CaughtMail } from './caught-mail.js';
import { search } from './search.js';

const mail = (id: string, parts: Partial<CaughtMail>): CaughtMail => ({
  ...{ id, receivedAt: 0, from: 'Reminder <reminder@example.com>', to: ['ada@example.com'], subject: '' },
  ...{ messageId: undefined, text: '', html: undefined, attachments: [], raw: Buffer.alloc(0) },
  ...parts,
});

const mails = [
  mail('plants', { subject: 'Due today', text: 'Water the plants' }),
  mail('library', { to: ['Bruno@example.com'], subject: 'Due tomorrow', text: 'Return ada’s books' }),
  mail('markup', { subject: 'Paid', html: '<p class="plants">Invoice <b>42</b></p>' }),
];
const found = (query: string) => search(mails, query).map(({ id }) => id);

describe('the search', () => {
  it.each([
    ['recipient', 'bruno', ['library']],
    ['subject', 'TODAY', ['plants']],
    ['text', 'water', ['plants']],
    ['sender', 'reminder@', ['plants', 'library', 'markup']],
    ['text of a mail that has HTML alone', 'invoice', ['markup']],
  ])('finds a word in the %s, in either case', (_place, query, expected) => {
    expect(found(query)).toEqual(expected);
  });

  it('finds mails that have every word', () => {
    expect(found('due plants')).toEqual(['plants']);
    expect(found('  due   plants books ')).toEqual([]);
  });

  it.each([
    ['to:ada', ['plants', 'markup']],
    ['text:ada', ['library']],
    ['subject:due to:bruno', ['library']],
    ['subject:plants', []],
    ['to:', []],
  ])('looks only where the word says: %s', (query, expected) => {
    expect(found(query)).toEqual(expected);
  });

  it('does not find tags and attributes', () => {
    expect(found('class')).toEqual([]);
  });

  it('finds everything without a word', () => {
    expect(found(' ')).toEqual(['plants', 'library', 'markup']);
  });

  it('takes no time over a text that is made to be slow', async () => {
    const slow = mail('slow', { html: '<'.repeat(150_000) });
    expect(await cpuTime(() => search([slow], 'nowhere'))).toBeLessThan(5_000);
    expect(search([slow], 'nowhere')).toHaveLength(0);
  });
});
