import type { Controls } from '../../controls/controls.js';
import type { Abilities } from '../../controls/routes.js';
import type { Instance } from '../../instance.js';
import { type Html, html } from '../html.js';

/** The parts that every section of the page needs. */
export interface PageParts {
  /** Proves that a form comes from this page. */
  readonly pageToken: string;
  readonly instance: Instance;
  readonly controls: Controls;
  readonly abilities: Abilities;
  /** The result of the last button, and its section. */
  readonly notice: { readonly section: string; readonly done: string } | undefined;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly about?: string | Html;
  /** The part that the script replaces when it changes. */
  readonly body: Html;
  /** Forms that the script never replaces, because a person may be typing. */
  readonly below?: Html;
}

/** A section of the page, with the result of its last button at the top. */
export const section = ({ notice }: PageParts, { id, title, about, body, below }: Section): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${about === undefined ? '' : html`<p class="hint">${about}</p>`}
    ${notice?.section === id ? html`<p class="notice" role="status">${notice.done}</p>` : ''}
    <div data-live="${id}">${body}</div>
    ${below ?? ''}
  </section>`;

interface Button {
  /** The name in `console/buttons.ts`. */
  readonly name: string;
  readonly label: string;
  /** The object of the action, for people who do not see the row. */
  readonly to?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly look?: string;
}

/** A form with only a button. */
export const button = (
  parts: PageParts,
  { name, label, to = '', fields = {}, look = 'quiet' }: Button,
): Html =>
  form(
    parts,
    name,
    html`${Object.entries(fields).map(
        ([field, value]) => html`<input type="hidden" name="${field}" value="${value}" />`,
      )}<button class="${look}">${label}<span class="hidden"> ${to}</span></button>`,
  );

/** A form of this page, with its token. */
export const form = ({ pageToken }: PageParts, name: string, body: Html): Html =>
  html`<form method="post" action="/_sandbox/press/${name}">
    <input type="hidden" name="pageToken" value="${pageToken}" />${body}
  </form>`;

/** The head of a column of buttons; only screen readers need its name. */
export const actions = html`<span class="hidden">Actions</span>`;

/** A table that scrolls horizontally on a narrow screen; without rows only the text `none`. */
export const table = (
  label: string,
  heads: readonly (string | Html)[],
  rows: readonly Html[],
  none = 'There are none.',
): Html =>
  rows.length === 0
    ? html`<p class="hint">${none}</p>`
    : html`<div class="scroll" tabindex="0" role="group" aria-label="${label}">
        <table class="wide">
          <thead>
            <tr>
              ${heads.map((head) => html`<th scope="col">${head}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>`;

export const tags = (names: readonly string[]): Html[] =>
  names.map((name) => html`<span class="tag">${name}</span> `);

export const badge = (tone: 'good' | 'fair' | 'poor' | 'off', text: string): Html =>
  html`<b class="badge ${tone}">${text}</b>`;

/** Returns the last four characters of a secret, so that its owner can recognize it; nothing of a short one. */
export const mask = (secret: string): string => (secret.length < 20 ? '…' : `…${secret.slice(-4)}`);

/** A UTC instant, to the second. */
export function instant(at: number): Html {
  const iso = toIso(at);
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

/** The time of day of a UTC instant, to the second. */
export function timeOfDay(at: number): Html {
  const iso = toIso(at);
  return html`<time datetime="${iso}">${iso.slice(11, 23)}</time>`;
}

const latestMs = 8.64e15;

/**
 * Formats an instant. One beyond the range of a date, which FusionAuth uses for locks without an expiry, becomes the
 * last possible one.
 */
const toIso = (at: number): string => new Date(Math.min(at, latestMs)).toISOString();

/** Formats milliseconds by their two largest units: `1 h 5 min`, `3 s`. */
export function span(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const units: [string, number][] = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ];
  const largest = units.findIndex(([, count]) => count > 0);
  if (largest === -1) return '0 s';
  const shown = units.slice(largest, largest + 2).filter(([, count]) => count > 0);
  return shown.map(([unit, count]) => `${count} ${unit}`).join(' ');
}
