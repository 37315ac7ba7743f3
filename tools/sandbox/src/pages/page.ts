import { createHash } from 'node:crypto';
import type { Answer } from '../answer.js';
import { Html, html } from './html.js';

const style = `
:root { color-scheme: light dark; --ink: #1c2330; --paper: #f4f6fa; --card: #fff; --line: #c9d1de; --accent: #2f5bd7; --alarm: #a4262c }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf4; --paper: #12161f; --card: #1b212d; --line: #3a4558; --accent: #7da2ff; --alarm: #ff9c9c } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { width: min(24rem, 100%); padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px }
h1 { margin: 0 0 1.25rem; font-size: 1.35rem }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600 }
input { width: 100%; padding: .6rem .7rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 8px }
input:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px }
button { width: 100%; margin-top: 1.5rem; padding: .65rem; font: inherit; font-weight: 600; color: var(--card); background: var(--accent); border: 0; border-radius: 8px; cursor: pointer }
.error { margin: 0; padding: .6rem .75rem; border-left: 4px solid var(--alarm); color: var(--alarm) }
.note { margin: 1.5rem 0 0; font-size: .875rem; opacity: .75 }
code { font-size: .85em }
`;

// The hash covers every character between the tags, so the element is put together here.
const styleElement = new Html(`<style>${style}</style>`);
const styleHash = createHash('sha256').update(style).digest('base64');

/**
 * A page that runs no script and loads nothing. `formTarget` is the origin, beyond this server, to which a submitted
 * form may end up being redirected: browsers hold redirects after a form to `form-action` too.
 */
export function page(title: string, body: Html, { status = 200, formTarget = '' } = {}): Answer {
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`;
  return {
    status,
    body: text,
    headers: {
      'cache-control': 'no-store',
      'content-security-policy':
        `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self' ${formTarget}; ` +
        `base-uri 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    },
  };
}
