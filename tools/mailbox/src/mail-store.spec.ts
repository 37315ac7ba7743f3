import type { CaughtMail } from './caught-mail.js';
import { MailStore } from './mail-store.js';

const mail = (id: number, bytes = 10): CaughtMail => ({
  id: String(id),
  receivedAt: 0,
  from: 'a@example.com',
  to: ['b@example.com'],
  subject: 'x',
  messageId: undefined,
  text: '',
  html: undefined,
  attachments: [],
  raw: Buffer.alloc(bytes),
});
const ids = (store: MailStore) => store.list().map(({ id }) => id);

describe('the mail store', () => {
  it('forgets the oldest mail beyond the number it may keep', () => {
    const store = new MailStore({ mails: 2, bytes: 1000 });
    for (const id of [1, 2, 3]) store.add(mail(id));
    expect(ids(store)).toEqual(['3', '2']);
    expect(store.get('1')).toBeUndefined();
  });

  it('forgets the oldest mails beyond the bytes it may keep', () => {
    const store = new MailStore({ mails: 100, bytes: 100 });
    store.add(mail(1, 60));
    store.add(mail(2, 30));
    store.add(mail(3, 60));
    expect(ids(store)).toEqual(['3', '2']);
  });

  it('notifies subscribers until they leave', () => {
    const store = new MailStore();
    const seen: string[] = [];
    const leave = store.subscribe(({ id }) => seen.push(id));
    store.add(mail(1));
    leave();
    store.add(mail(2));
    expect(seen).toEqual(['1']);
  });
});
