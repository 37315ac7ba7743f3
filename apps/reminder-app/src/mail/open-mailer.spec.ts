import { Secret } from '#gatehouse/platform';
import { FolderMailer } from './folder.mailer.js';
import { isMailUrl, openMailer } from './open-mailer.js';
import { SmtpMailer } from './smtp.mailer.js';

describe('SMTP_URL', () => {
  it.each([
    'smtp://127.0.0.1:1025',
    'smtps://user:p%40ss@mail.example.com',
    'folder:/var/mail/out',
    'folder:mails',
  ])('may be %s', (url) => expect(isMailUrl(url)).toBe(true));

  it.each(['http://mail.example.com', 'smtp:', 'smtp://', 'folder:', 'mail.example.com', 'smtp://ho st'])(
    'may not be %j',
    (url) => expect(isMailUrl(url)).toBe(false),
  );

  it('chooses the mailer', () => {
    expect(openMailer(new Secret('folder:/tmp/x'), false)).toBeInstanceOf(FolderMailer);
    expect(openMailer(new Secret('smtp://127.0.0.1:1025'), false)).toBeInstanceOf(SmtpMailer);
  });
});
