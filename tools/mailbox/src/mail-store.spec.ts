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
  let gone: string[];
  beforeEach(() => (gone = []));

  it('drops the oldest mail beyond its maximum number', () => {
    const store = new MailStore((id) => gone.push(id), { mails: 2, bytes: 1000 });
    for (const id of [1, 2, 3]) store.add(mail(id));
    expect([ids(store), gone]).toEqual([['3', '2'], ['1']]);
    expect(store.get('1')).toBeUndefined();
  });

  it('drops the oldest mails beyond its maximum size', () => {
    const store = new MailStore((id) => gone.push(id), { mails: 100, bytes: 100 });
    store.add(mail(1, 60));
    store.add(mail(2, 30));
    store.add(mail(3, 60));
    expect([ids(store), gone]).toEqual([['3', '2'], ['1']]);
  });

  it('deletes the mails up to the one that was shown, and makes room for others', () => {
    const store = new MailStore((id) => gone.push(id), { mails: 100, bytes: 100 });
    for (const id of [1, 2, 3]) store.add(mail(id, 30));
    store.clear(2);
    expect([ids(store), gone]).toEqual([['3'], ['2', '1']]);
    store.add(mail(4, 70));
    expect(ids(store)).toEqual(['4', '3']);
  });

  it('notifies subscribers until they leave', () => {
    const store = new MailStore((id) => gone.push(id));
    const seen: (string | undefined)[] = [];
    const leave = store.subscribe((arrived) => seen.push(arrived?.id));
    store.add(mail(1));
    store.clear(1);
    leave();
    store.add(mail(2));
    expect(seen).toEqual(['1', undefined]);
  });
});
