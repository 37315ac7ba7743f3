import { Secret } from '#gatehouse/platform';
import { FolderMailer } from './folder.mailer.js';
import { openMailer, smtpServer } from './open-mailer.js';
import { SmtpMailer } from './smtp.mailer.js';

describe('the mailer of SMTP_URL', () => {
  it('is chosen by the scheme', () => {
    expect(openMailer(new Secret('folder:/tmp/x'), false)).toBeInstanceOf(FolderMailer);
    expect(openMailer(new Secret('smtp://127.0.0.1:1025'), false)).toBeInstanceOf(SmtpMailer);
  });

  it.each([
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587 }],
    ['smtps://mail.example.com', { host: 'mail.example.com', port: 465 }],
    ['smtp://[::1]:25', { host: '::1', port: 25 }],
    ['smtp://127.1:25', { host: '127.0.0.1', tls: 'none' }],
    ['smtp://bücher.example', { host: 'xn--bcher-kva.example', port: 587 }],
    ['smtp://u:%C3%BC%40@a.example', { login: { user: 'u', pass: 'ü@' } }],
  ])('%s has its host converted to A-labels', (url, expected) =>
    expect(smtpServer(url)).toMatchObject(expected),
  );

  it.each([
    ['smtp://127.0.0.1:25', false, 'none'],
    ['smtp://localhost', false, 'none'],
    ['smtp://[::1]', false, 'none'],
    ['smtp://user:pass@127.0.0.1', false, 'offered'],
    ['smtp://mail.example.com', false, 'offered'],
    ['smtp://user:pass@mail.example.com', false, 'required'],
    ['smtp://user:pass@mail.example.com', true, 'offered'],
    ['smtps://127.0.0.1', false, 'implicit'],
    ['smtp://127.0.0.1.example.com', false, 'offered'],
  ])('%s, insecure allowed: %s, goes with TLS %s', (url, allowInsecure, expected) =>
    expect(smtpServer(url, allowInsecure).tls).toBe(expected),
  );
});
