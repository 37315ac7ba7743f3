import type { Answer } from '../../answer.js';
import { iconAddress } from '../assets.js';
import { type Html, html } from '../html.js';
import { document, page } from '../page.js';
import { apiKeysSection, applicationsSection, entitiesSection, keysSection } from './access.js';
import { clockSection, faultsSection } from './disturbances.js';
import { button, type PageParts, section } from './parts.js';
import { sessionsSection, usersSection } from './people.js';
import { requestsSection } from './requests.js';

const places = {
  requests: 'Requests',
  users: 'Users',
  sessions: 'Sessions',
  keys: 'Signing keys',
  'api-keys': 'API keys',
  applications: 'Applications',
  entities: 'Entities',
  limits: 'Limits',
};

/** The sandbox's own page: its content, its requests, and the controls. */
export const sandboxPage = (parts: PageParts): Answer =>
  document(
    'The sandbox',
    html`<a class="skip" href="#main">Skip to the content</a>
      <header class="bar">
        <a class="brand" href="/"><img src="${iconAddress}" alt="" width="28" height="28" />Sandbox</a>
        <nav aria-label="Sections">
          <ul>
            ${Object.entries(places).map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
          </ul>
        </nav>
      </header>
      <main id="main" tabindex="-1">
        ${introduction(parts)}
        <div class="pair">${clockSection(parts)} ${faultsSection(parts)}</div>
        ${requestsSection(parts)} ${usersSection(parts)} ${sessionsSection(parts)} ${keysSection(parts)}
        ${apiKeysSection(parts)} ${applicationsSection(parts)} ${entitiesSection(parts)}
        ${limitsSection(parts)}
      </main>`,
    { script: '/_sandbox/page.js' },
  );

const introduction = (parts: PageParts): Html =>
  html`<header class="hero head">
    <div>
      <h1>The sandbox</h1>
      <p class="lead">
        It replaces FusionAuth in development and tests. It is not FusionAuth, and not made by FusionAuth.
      </p>
      ${parts.notice?.section === 'main' ? html`<p class="notice" role="status">${parts.notice.done}</p>` : ''}
    </div>
    <details class="reset">
      <summary>Reset</summary>
      <p>Restores the state that the kickstart file sets up, and logs everyone out.</p>
      ${button(parts, { name: 'reset', label: 'Reset the sandbox', look: 'danger' })}
    </details>
  </header>`;

function limitsSection(parts: PageParts): Html {
  const { abilities, controls } = parts;
  const stored = Object.entries(controls.withoutEffect());
  return section(parts, {
    id: 'limits',
    title: 'Limits',
    about: html`<code>GET /_sandbox</code> lists all controls for programs, among them the buttons of this
      page. <a href="/.well-known/openid-configuration">Discovery</a> lists the OAuth endpoints.`,
    body: html`<h3>Stored without effect</h3>
      ${
        stored.length === 0
          ? html`<p>Everything that was set up has an effect.</p>`
          : html`<ul class="plain">
              ${stored.map(([kind, count]) => html`<li><code>${kind}</code> ${String(count)}</li>`)}
            </ul>`
      }
      ${operationList('operations store their input without effect', abilities.withoutEffect)}
      <h3>Answered 501</h3>
      ${operationList('operations of FusionAuth are not implemented', abilities.notImplemented)}`,
  });
}

const operationList = (what: string, names: readonly string[]): Html =>
  html`<details>
    <summary>${String(names.length)} ${what}</summary>
    <ul class="plain columns">
      ${names.map((name) => html`<li><code>${name}</code></li>`)}
    </ul>
  </details>`;

/** The page that says why nothing was shown or changed, with a link back. */
export const sandboxProblem = (status: number, text: string): Answer =>
  page(
    'Nothing was changed',
    html`<h1>Nothing was changed</h1>
      <p class="problem" role="alert">${text}</p>
      <p><a class="button" href="/">Back to the sandbox</a></p>`,
    { status },
  );
