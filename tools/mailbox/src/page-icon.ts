import { html } from './html.js';

/** An arch with an envelope in its gate; the browser tab and the page header show it. */
export const icon = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <path d="M3 30V15a13 13 0 0 1 26 0v15z" fill="#2c6a58" />
  <path d="M8 13.5h16v10.5H8z" fill="#fff" />
  <path d="m8.6 14.2 7.4 6 7.4-6" fill="none" stroke="#2c6a58" stroke-width="1.8" stroke-linejoin="round" />
</svg>`;
