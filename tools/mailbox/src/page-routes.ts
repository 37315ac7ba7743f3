import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseStyle } from '#gatehouse/look';
import type { Answer } from './answer.js';
import { type CaughtMail, previewOf } from './caught-mail.js';
import type { MailStore } from './mail-store.js';
import { type About, browserFiles, clearPage, mailboxPage, type PageState } from './page.js';
import { search } from './search.js';

/** The page itself loads only its own files; the mail's HTML is framed from {@link mailPolicy}'s answer. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** A mail is untrusted: its own origin, no script, nothing loaded from elsewhere. */
const mailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; " +
  "style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'";

const read = (name: string): string => readFileSync(join(browserFiles, name), 'utf8');

const files: Readonly<Record<string, Answer>> = {
  '/mailbox.js': { type: 'text/javascript', body: read('mailbox.js') },
  '/mailbox.css': { type: 'text/css', body: baseStyle + read('mailbox.css') },
  '/mailbox.svg': { type: 'image/svg+xml', body: read('mailbox.svg') },
};

/** The maximum number of characters of a search; the rest is dropped. */
const maxQueryLength = 200;

const address = /^\/(mails|api\/mails)\/(\d+)(?:\/(html|source|attachments)(?:\/(\d+))?)?$/;

/** Answers a GET of any address except the event stream. */
export const respond = (url: URL, store: MailStore, about: About): Answer =>
  pageAt(url, store, about) ?? files[url.pathname] ?? contentAt(url, store) ?? nothingHere;

const queryOf = ({ searchParams }: URL): string => (searchParams.get('q') ?? '').slice(0, maxQueryLength);

/** Returns a page for people. */
function pageAt(url: URL, store: MailStore, about: About): Answer | undefined {
  if (url.pathname === '/clear') return ownPage(clearPage(store.list(), about));
  const [, kind, id, part] = address.exec(url.pathname) ?? [];
  const isMail = kind === 'mails' && part === undefined;
  if (url.pathname !== '/' && !isMail) return undefined;
  return listPage(id, store, { query: queryOf(url), about, view: url.searchParams.get('view') });
}

/** Returns JSON for scripts, or a part of a mail. */
function contentAt(url: URL, store: MailStore): Answer | undefined {
  if (url.pathname === '/api/mails') return json(search(store.list(), queryOf(url)).map(summary));
  const [, kind, id = '', part, index] = address.exec(url.pathname) ?? [];
  const mail = store.get(id);
  if (kind === 'mails' && part !== undefined) return mail && partOf(mail, part, index);
  if (kind !== 'api/mails' || part !== undefined) return undefined;
  return mail ? json(detail(mail)) : json({ error: 'no such mail' }, 404);
}

/** Renders the page with the mail of this id open; without an id, with the newest one that the search finds. */
function listPage(
  asked: string | undefined,
  store: MailStore,
  shown: Pick<PageState, 'query' | 'about' | 'view'>,
): Answer {
  const mails = search(store.list(), shown.query);
  const open = asked === undefined ? mails[0] : store.get(asked);
  const page = mailboxPage({ ...shown, mails, total: store.list().length, open, asked });
  return ownPage(page, asked !== undefined && !open ? 404 : 200);
}

/** Not `no-referrer`, with which browsers omit the origin from forms. */
const ownPage = (body: string, status = 200): Answer => ({
  status,
  type: 'text/html',
  body,
  headers: { 'content-security-policy': pagePolicy, 'referrer-policy': 'same-origin' },
});

const nothingHere: Answer = { status: 404, type: 'text/plain', body: 'There is nothing at this address.\n' };

function partOf(mail: CaughtMail, part: string, index: string | undefined): Answer | undefined {
  const headers = { 'content-security-policy': mailPolicy };
  if (part === 'source') return { type: 'text/plain', body: mail.raw, headers };
  if (part === 'html')
    return mail.html ? { type: 'text/html', body: withNewTabs(mail.html), headers } : undefined;
  const attachment = mail.attachments[Number(index)];
  if (!attachment || index === undefined) return undefined;
  const disposition = `attachment; filename*=UTF-8''${percentEncoded(attachment.name)}`;
  return {
    type: 'application/octet-stream',
    body: attachment.content,
    headers: { ...headers, 'content-disposition': disposition },
  };
}

/** RFC 8187: everything outside attr-char is percent-encoded. */
const percentEncoded = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

/** Makes links of a mail open in a new tab; inside the frame they would not work. */
function withNewTabs(markup: string): string {
  const base = '<base target="_blank">';
  return /<head(?:\s[^>]*)?>/i.test(markup)
    ? markup.replace(/<head(?:\s[^>]*)?>/i, (head) => head + base)
    : `<!doctype html>${base}${markup}`;
}

const json = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

const summary = (mail: CaughtMail) => ({
  id: mail.id,
  receivedAt: new Date(mail.receivedAt).toISOString(),
  from: mail.from,
  to: mail.to,
  subject: mail.subject,
  preview: previewOf(mail),
  attachments: mail.attachments.map(({ name, type, content }) => ({ name, type, bytes: content.length })),
});

const detail = (mail: CaughtMail) => ({
  ...summary(mail),
  messageId: mail.messageId ?? null,
  text: mail.text,
  html: mail.html ?? null,
});
