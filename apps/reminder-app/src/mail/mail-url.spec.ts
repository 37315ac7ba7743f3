import { mailUrl } from './mail-url.js';
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
});
