import { faultKinds } from '../../console/buttons.js';
import type { Fault } from '../../controls/faults.js';
import { type Html, html } from '../html.js';
import { button, form, instant, type PageParts, section, span } from './parts.js';

export function clockSection(parts: PageParts): Html {
  const { clock } = parts.controls;
  const now = clock.now();
  return section(parts, {
    id: 'clock',
    title: 'Clock',
    about: 'It determines when tokens and codes expire. The clock of your API does not move with it.',
    body: html`<p class="state">${instant(now)} <small>${difference(clock.aheadMs)}</small></p>`,
    below: clockForms(parts, now),
  });
}

function difference(aheadMs: number): string {
  if (Math.abs(aheadMs) < 500) return 'real time';
  return `${span(aheadMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} real time`;
}

/** The forms that move the clock. The script never replaces them, because a person may be typing. */
const clockForms = (parts: PageParts, now: number): Html =>
  html`<div class="forms">
    ${button(parts, { name: 'advance-clock', label: 'Advance by 1 h' })}
    ${button(parts, { name: 'real-clock', label: 'Back to real time' })}
    ${form(
      parts,
      'set-clock',
      html`<span class="inline"
        ><label
          >Instant (UTC)
          <input
            name="instant"
            type="datetime-local"
            step="1"
            value="${new Date(now).toISOString().slice(0, 19)}"
            required
        /></label>
        <button class="quiet">Set</button></span
      >`,
    )}
  </div>`;

export function faultsSection(parts: PageParts): Html {
  const faults = Object.entries(parts.controls.faults.list());
  return section(parts, {
    id: 'faults',
    title: 'Faults',
    about: 'Make FusionAuth fail. This page keeps working.',
    body:
      faults.length === 0
        ? html`<p class="state">No active faults.</p>`
        : html`<ul class="plain state">
            ${faults.map(([operation, fault]) => html`<li>${operationName(operation)}: ${describe(fault)}</li>`)}
          </ul>`,
    below: faultForms(parts, parts.abilities.operations),
  });
}

const faultForms = (parts: PageParts, operations: readonly string[]): Html =>
  html`<div class="forms">
    ${button(parts, {
      name: 'set-fault',
      label: 'Down for 30 s',
      fields: { operation: '*', kind: 'down', seconds: '30' },
    })}
    ${button(parts, { name: 'clear-faults', label: 'Clear all faults' })}
    ${form(
      parts,
      'set-fault',
      html`<span class="inline">
        <label
          >What
          <select name="kind">
            ${Object.entries(faultKinds).map(([name, { title }]) => html`<option value="${name}">${title}</option>`)}
          </select></label
        >
        <label
          >Where
          <select name="operation">
            <option value="*">Everywhere</option>
            ${operations.map((name) => html`<option>${name}</option>`)}
          </select></label
        >
        <label
          >Seconds, 0 until cleared
          <input name="seconds" type="number" min="0" max="86400" value="30" required
        /></label>
        <button class="quiet">Start the fault</button>
      </span>`,
    )}
  </div>`;

const operationName = (operation: string): string => (operation === '*' ? 'Everywhere' : operation);

function describe({ answer, status, delayMs, times, forMs }: Fault): string {
  const what = [
    ...(delayMs === undefined ? [] : [`after ${delayMs} ms`]),
    ...(status === undefined ? [] : [`answers ${status}`]),
    ...(answer === undefined ? [] : [answers[answer]]),
    ...(times === undefined ? [] : [`${times} more times`]),
  ];
  return `${what.join(', ')}, ${forMs === undefined ? 'until cleared' : `for another ${span(forMs)}`}`;
}

const answers: Readonly<Record<NonNullable<Fault['answer']>, string>> = {
  hang: 'never answers',
  reset: 'drops the connection',
  lost: 'drops the connection after the work',
  garbage: 'answers broken JSON',
  html: 'answers with a page',
  redirect: 'redirects to a page',
};
