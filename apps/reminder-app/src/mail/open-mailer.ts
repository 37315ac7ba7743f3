import { hostOnWire, isLoopback, logInOf, type Secret } from '#gatehouse/platform';
import { FolderMailer } from './folder.mailer.js';
import { mailFolderOf, smtpHost } from './mail-url.js';
import type { Mailer } from './mailer.js';
import { SmtpMailer } from './smtp.mailer.js';
import type { SmtpServer } from './smtp-session.js';

const submissionPort = 587;
const implicitTlsPort = 465;

/** Opens the mailer of SMTP_URL: an SMTP server, or a folder. `tlsName`: the name in the server's certificate. */
export function openMailer(url: Secret, allowInsecure: boolean, tlsName?: string): Mailer {
  const folder = mailFolderOf(url);
  if (folder !== undefined) return new FolderMailer(folder);
  return new SmtpMailer({
    ...smtpServer(url.reveal(), allowInsecure),
    tlsName: tlsName === undefined ? undefined : hostOnWire(tlsName),
  });
}

/**
 * Returns the mail server of an smtp: or smtps: URL. Credentials are sent over TLS only, except to this machine (RFC
 * 8314 section 3.3) or if `allowInsecure` is set. Connections to this machine are not encrypted: TLS would protect
 * nothing there, and local servers offer it with certificates that nobody can verify.
 */
export function smtpServer(text: string, allowInsecure = false): SmtpServer {
  const url = new URL(text);
  const isImplicit = url.protocol === 'smtps:';
  const host = smtpHost(url) ?? url.hostname;
  const logIn = logInOf(url);
  const login = logIn && logIn.user !== '' ? { user: logIn.user, pass: logIn.password } : undefined;
  const port = isImplicit ? implicitTlsPort : submissionPort;
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? port : Number(url.port),
    login,
    tls: isImplicit ? 'implicit' : startTls(isLoopback(host), login !== undefined, allowInsecure),
  };
}

function startTls(isLocal: boolean, hasLogin: boolean, allowInsecure: boolean): SmtpServer['tls'] {
  if (isLocal) return hasLogin ? 'offered' : 'none';
  return hasLogin && !allowInsecure ? 'required' : 'offered';
}
