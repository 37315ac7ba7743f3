import { type CaughtMail, previewOf } from './caught-mail.js';
import { type Html, html } from './html.js';
import { readingPane, time, type View } from './page-reading.js';

/** What the page says about the mailbox itself. */
export interface About {
  readonly smtpUrl: string;
  readonly hint?: string | undefined;
}

export interface PageState {
  /** Newest first. */
  readonly mails: readonly CaughtMail[];
  /** The mail in the reading pane. */
  readonly open: CaughtMail | undefined;
  /** The id in the address; without one the newest mail is shown where there is room. */
  readonly asked?: string | undefined;
  readonly view?: View | undefined;
  readonly about: About;
}

export function mailboxPage(state: PageState): Html {
  const { mails, asked, about } = state;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${mails.length > 0 ? `Mailbox (${mails.length})` : 'Mailbox'}</title>
        <link rel="icon" href="/mailbox.svg" />
        <link rel="stylesheet" href="/mailbox.css" />
        <script type="module" src="/mailbox.js"></script>
      </head>
      <body data-at="${asked === undefined ? 'list' : 'mail'}">
        <header class="bar">
          <a class="brand" href="/" data-open
            ><img src="/mailbox.svg" alt="" width="26" height="26" />Mailbox</a
          >
          <span id="state" class="state" role="status"></span>
          <span class="smtp">catches everything sent to <code>${about.smtpUrl}</code></span>
        </header>
        <main id="main">${mails.length === 0 && asked === undefined ? welcome(about) : columns(state)}</main>
      </body>
    </html> `;
}

const columns = ({ mails, open, asked, view }: PageState): Html =>
  html` <nav class="list" aria-label="Mails">
      <ol id="list">
        ${mails.map((mail) => row(mail, mail === open))}
      </ol>
      <p class="keys"><kbd>j</kbd> <kbd>k</kbd> next and previous mail</p>
    </nav>
    ${open ? readingPane(open, view) : gone(asked)}`;

const row = (mail: CaughtMail, current: boolean): Html =>
  html` <li id="mail-${mail.id}">
    <a href="/mails/${mail.id}" data-open${current ? html` aria-current="true"` : ''}>
      <span class="who"><b>${mail.to.join(', ')}</b>${time(mail.receivedAt)}</span>
      <span class="subject">${mail.subject}</span>
      <span class="preview">${previewOf(mail)}</span>
    </a>
  </li>`;

const gone = (asked: string | undefined): Html =>
  html` <article id="pane" class="pane" data-mail="${asked}">
    <div class="nothing">
      <h1 tabindex="-1">This mail is gone</h1>
      <p>
        The mailbox keeps mails in memory only: it forgets them when it restarts, and the oldest when it is
        full.
      </p>
      <p><a href="/" data-open>All mail</a></p>
    </div>
  </article>`;

const welcome = ({ smtpUrl, hint }: About): Html =>
  html` <article id="pane" class="pane alone">
    <div class="nothing">
      <svg viewBox="0 0 120 84" width="150" height="105" aria-hidden="true">
        <rect class="paper" x="14" y="14" width="92" height="60" rx="7" />
        <path class="fold" d="m17 19 43 33 43-33" />
        <path class="fold" d="m17 70 28-28M103 70 75 42" />
      </svg>
      <h1>No mail yet</h1>
      <p>
        ${hint ?? html`Send one to <code>${smtpUrl}</code> and it appears here; nothing leaves this machine.`}
      </p>
      <p class="quiet">This page updates by itself.</p>
    </div>
  </article>`;
