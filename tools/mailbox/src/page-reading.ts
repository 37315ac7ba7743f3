import type { CaughtMail } from './caught-mail.js';
import { type Html, html } from './html.js';

export type View = 'html' | 'text' | 'source';

/** Bytes of source within the page; the rest is behind the link. */
const sourceShown = 200_000;

const viewNames: Readonly<Record<View, string>> = { html: 'HTML', text: 'Text', source: 'Source' };

/** One mail: who, what, when, and its content as HTML, text or source. */
export function readingPane(mail: CaughtMail, asked: View | undefined): Html {
  const offered: View[] = mail.html ? ['html', 'text', 'source'] : ['text', 'source'];
  const view = offered.find((name) => name === asked) ?? offered[0];
  return html` <article id="pane" class="pane" data-mail="${mail.id}">
    <header class="head">
      <a class="back" href="/" data-open>‹ All mail</a>
      <h1 tabindex="-1">${mail.subject}</h1>
      <dl>
        <dt>From</dt>
        <dd>${mail.from}</dd>
        <dt>To</dt>
        <dd>${mail.to.join(', ')}</dd>
        <dt>Received</dt>
        <dd class="full">${time(mail.receivedAt)}</dd>
      </dl>
      ${attachments(mail)}
      <nav class="views" aria-label="Show as">${offered.map((name) => tab(mail, name, name === view))}</nav>
    </header>
    ${content(mail, view)}
  </article>`;
}

const tab = (mail: CaughtMail, view: View, current: boolean): Html =>
  html`<a href="/mails/${mail.id}?view=${view}" data-open${current ? html` aria-current="page"` : ''}
    >${viewNames[view]}</a
  >`;

function content(mail: CaughtMail, view: View | undefined): Html {
  if (view === 'source') {
    return html`<pre class="body source" tabindex="0">${mail.raw.toString('utf8', 0, sourceShown)}</pre>
      <p class="download">
        <a href="/mails/${mail.id}/source" target="_blank" rel="noopener">Open the source alone</a>
      </p>`;
  }
  if (view === 'text') return html`<pre class="body text" tabindex="0">${linked(mail.text)}</pre>`;
  return html`<iframe
    class="body"
    title="The mail as HTML"
    src="/mails/${mail.id}/html"
    sandbox="allow-popups allow-popups-to-escape-sandbox"
    referrerpolicy="no-referrer"
  ></iframe>`;
}

const linked = (text: string): Html[] =>
  text
    .split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/)
    .map((part, index) =>
      index % 2 === 1
        ? html`<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>`
        : html`${part}`,
    );

/** The script turns the instant into the reader's own time; without it, UTC stands. */
export function time(milliseconds: number): Html {
  const iso = new Date(milliseconds).toISOString();
  return html`<time datetime="${iso}">${iso.slice(11, 16)} UTC</time>`;
}

const attachments = ({ id, attachments: files }: CaughtMail): Html =>
  files.length === 0
    ? html``
    : html`<ul class="files" aria-label="Attachments">
        ${files.map(
          (file, index) =>
            html`<li>
              <a href="/mails/${id}/attachments/${index}" download>${file.name}</a>
              <small>${size(file.content.length)}</small>
            </li>`,
        )}
      </ul>`;

const size = (bytes: number): string => (bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KB`);
