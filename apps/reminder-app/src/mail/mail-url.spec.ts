import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailFolderOf, mailFolderProblem, mailUrl } from './mail-url.js';
import { openMailer } from './open-mailer.js';

describe('SMTP_URL', () => {
  it.each([
    'smtp://127.0.0.1:1025',
    'smtps://user:p%40ss@mail.example.com',
    'smtps://üser:pässword@mail.example.com/',
    'smtp://[::1]:25',
    'smtp://bücher.example',
    'folder:/var/mail/out',
    'folder:mails',
  ])('may be %s, which opens a mailer', (text) => {
    expect(() => openMailer(mailUrl().parse(text), false)).not.toThrow();
  });

  it.each([
    'http://mail.example.com',
    'smtp:',
    'smtp://',
    'folder:',
    'mail.example.com',
    'smtp://ho st',
    'smtp://mail.example.com\r',
    'smtp://mail.example.com:x',
    'see smtp://mail.example.com',
    'smtp://mail.example.com and more',
    'smtp://b%zz.example',
    'smtp://user@mail.example.com',
    'smtp://:password@mail.example.com',
    'smtp://user:pa%ss@mail.example.com',
    'smtp://user:%E9@mail.example.com',
    'smtp://user:a%00b@mail.example.com',
    'smtp://mail.example.com?ignoreTLS=true',
    'smtp://mail.example.com/path',
    'folder:/var/mail\n',
  ])('may not be %j', (text) => expect(mailUrl().safeParse(text).success).toBe(false));

  it.each([
    [
      'smtp://h/path',
      /^must not have a path, query or fragment: write \/ \? # of a password as %2F %3F %23$/,
    ],
    ['smtp://user:pa%ss@h', /^has a % that does not begin a percent escape: write it as %25$/],
    ['smtp://user@h', /^must have both user and password, or neither$/],
    ['smtp://user:a%00b@h', /^has a control character in its log-in$/],
  ])('is refused as %s with what to change', (text, message) => {
    expect(mailUrl().safeParse(text).error?.issues[0]?.message).toMatch(message);
  });

  it('names a folder, which must be writable or creatable', () => {
    const directory = mkdtempSync(join(tmpdir(), 'gatehouse-mail-'));
    writeFileSync(join(directory, 'file'), '');
    const problemOf = (path: string) => mailFolderProblem(mailUrl().parse(`folder:${join(directory, path)}`));

    expect(mailFolderOf(mailUrl().parse('folder:mails'))).toBe('mails');
    expect(problemOf('new')).toEqual([]);
    expect(problemOf('file')).toEqual([`SMTP_URL: ${directory}/file cannot be written (ENOTDIR)`]);
    expect(mailFolderProblem(mailUrl().parse('smtp://127.0.0.1'))).toEqual([]);
    expect(readdirSync(directory)).toEqual(['file']);
    rmSync(directory, { recursive: true });
  });
});
