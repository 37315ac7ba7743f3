import { hostOnWire, logInOf, type Secret } from '#gatehouse/platform';
import { FolderMailer } from './folder.mailer.js';
import { smtpHost } from './mail-url.js';
import type { Mailer } from './mailer.js';
import { SmtpMailer } from './smtp.mailer.js';
import type { SmtpServer } from './smtp-session.js';

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i;
const submissionPort = 587;
const implicitTlsPort = 465;

/** Where mails go by SMTP_URL. */
interface SmtpTarget extends Pick<SmtpServer, 'host' | 'port' | 'login'> {
  readonly implicitTls: boolean;
  readonly isLoopback: boolean;
}

/**
 * The mailer behind SMTP_URL. A log-in goes over TLS only, except to this machine (RFC 8314 section 3.3), unless
 * `allowInsecure` says otherwise. To this machine nothing is encrypted that is no secret: TLS would protect nothing there,
 * and local servers offer it with certificates that nobody can check. `tlsName`: the name in the server's certificate.
 */
export function openMailer(url: Secret, allowInsecure: boolean, tlsName?: string): Mailer {
  const text = url.reveal();
  if (text.startsWith('folder:')) return new FolderMailer(text.slice('folder:'.length));
  const target = smtpTarget(text);
  const { host, port, login } = target;
  return new SmtpMailer({
    host,
    port,
    login,
    tls: tlsTo(target, allowInsecure),
    tlsName: tlsName === undefined ? undefined : hostOnWire(tlsName),
  });
}

export function tlsTo(
  { implicitTls, isLoopback, login }: SmtpTarget,
  allowInsecure: boolean,
): SmtpServer['tls'] {
  if (implicitTls) return 'implicit';
  if (isLoopback) return login ? 'offered' : 'none';
  return login && !allowInsecure ? 'required' : 'offered';
}

export function smtpTarget(text: string): SmtpTarget {
  const url = new URL(text);
  const implicitTls = url.protocol === 'smtps:';
  const host = smtpHost(url) ?? url.hostname;
  const logIn = logInOf(url);
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (implicitTls ? implicitTlsPort : submissionPort) : Number(url.port),
    implicitTls,
    isLoopback: loopback.test(host),
    login: logIn && logIn.user !== '' ? { user: logIn.user, pass: logIn.password } : undefined,
  };
}
