import { z } from 'zod';
import { checkWritableDirectory, line, logInOf, Secret } from '#gatehouse/platform';

/**
 * A {@link Secret} with the URL of a mail server, `smtp:` or `smtps:`, or with `folder:` a directory for .eml files.
 */
export const mailUrl = () =>
  z.string().transform((text, context) => {
    const problem = line().safeParse(text).success ? problemOf(text) : form;
    if (problem !== undefined) context.addIssue(problem);
    return new Secret(text);
  });

const form = 'must be smtp://host:port, smtps://host:port or folder:/path';

/**
 * Returns the host of an `smtp:` URL, for example in A-labels. The URL standard leaves the host of such a scheme
 * percent-encoded but parses that of http. Undefined if it is not a URL.
 */
export const smtpHost = ({ hostname }: URL): string | undefined => URL.parse(`http://${hostname}`)?.hostname;

function problemOf(text: string): string | undefined {
  if (text.startsWith('folder:')) return text === 'folder:' ? form : undefined;
  const url = /^smtps?:\/\/\S+$/.test(text) ? URL.parse(text) : null;
  if (!url || !smtpHost(url)) return form;
  if (url.search + url.hash !== '' || url.pathname.length > 1)
    return 'must not have a path, query or fragment: write / ? # of a password as %2F %3F %23';
  const logIn = logInOf(url);
  if (!logIn) return 'has a % that does not begin a percent escape: write it as %25';
  if ((logIn.user === '') !== (logIn.password === '')) return 'must have both user and password, or neither';
  // SASL separates user and password by a NUL (RFC 4616 section 2).
  return /\p{Cc}/u.test(logIn.user + logIn.password) ? 'has a control character in its log-in' : undefined;
}

/** Returns the folder of a `folder:` URL; undefined for a mail server. */
export function mailFolderOf(url: Secret): string | undefined {
  const text = url.reveal();
  return text.startsWith('folder:') ? text.slice('folder:'.length) : undefined;
}

/** Returns a line for the operator if no mail can be written to the folder of a `folder:` URL. Creates nothing. */
export function mailFolderProblem(url: Secret): string[] {
  const folder = mailFolderOf(url);
  try {
    if (folder !== undefined) checkWritableDirectory(folder);
    return [];
  } catch (error) {
    return [
      `SMTP_URL: ${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    ];
  }
}
