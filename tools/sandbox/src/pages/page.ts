import { createHash } from 'node:crypto';
import type { Answer } from '../answer.js';
import { iconAddress, style } from './assets.js';
import { Html, html } from './html.js';

// The hash covers every character between the tags, so the element is assembled here.
const styleElement = new Html(`<style>${style}</style>`);
const styleHash = createHash('sha256').update(style).digest('base64');

interface PageOptions {
  readonly status?: number;
  /**
   * The origin, other than this server, that a submitted form may be redirected to: browsers apply `form-action` to
   * redirects after a form too.
   */
  readonly formTarget?: string;
  /** The address of the only script that the page runs; without it the page runs none. */
  readonly script?: string;
}

/** A small page with one thing to do, a log-in for example, that runs no script and loads nothing. */
export const page = (title: string, body: Html, options: PageOptions = {}): Answer =>
  document(
    title,
    html`<main class="card-page">
      <p class="brand"><img src="${iconAddress}" alt="" width="28" height="28" />Sandbox</p>
      <section>${body}</section>
    </main>`,
    options,
  );

/** A page of any layout. */
export function document(
  title: string,
  body: Html,
  { status = 200, formTarget = '', script }: PageOptions = {},
): Answer {
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="${iconAddress}" />
        ${styleElement} ${script === undefined ? '' : html`<script type="module" src="${script}"></script>`}
      </head>
      <body>
        ${body}
      </body>
    </html>`;
  return {
    status,
    body: text,
    headers: {
      'cache-control': 'no-store',
      'content-security-policy':
        `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; ` +
        (script === undefined ? '' : "script-src 'self'; connect-src 'self'; ") +
        `form-action 'self' ${formTarget}; base-uri 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    },
  };
}
