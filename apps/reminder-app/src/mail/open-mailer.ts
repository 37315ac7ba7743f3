import type { Secret } from '#gatehouse/platform';
import { FolderMailer } from './folder.mailer.js';
import type { Mailer } from './mailer.js';
import { SmtpMailer } from './smtp.mailer.js';

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const submissionPort = 587;
const implicitTlsPort = 465;

/** `smtp:` or `smtps:` with a host, or `folder:` with a path. */
export function isMailUrl(text: string): boolean {
  if (text.startsWith('folder:')) return text.length > 'folder:'.length;
  return /^smtps?:\/\/\S/.test(text) && URL.canParse(text) && new URL(text).hostname !== '';
}

/**
 * The mailer behind SMTP_URL. A log-in goes over TLS only, except to this machine (RFC 8314 section 3.3), unless
 * `allowInsecure` says otherwise.
 */
export function openMailer(url: Secret, allowInsecure: boolean): Mailer {
  const text = url.reveal();
  if (text.startsWith('folder:')) return new FolderMailer(text.slice('folder:'.length));
  const { protocol, hostname, port, username, password } = new URL(text);
  const secure = protocol === 'smtps:';
  const login =
    username === '' ? undefined : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return new SmtpMailer({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? implicitTlsPort : submissionPort) : Number(port),
    secure,
    requireTls: login !== undefined && !allowInsecure && !loopback.test(hostname),
    login,
  });
}
