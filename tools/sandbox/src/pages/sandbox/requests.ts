import type { SandboxView } from '../../console/view.js';
import { type Html, html } from '../html.js';
import { badge, type PageParts, section, table, timeOfDay } from './parts.js';

/** The requests, newest first; the script adds a button that pauses them. */
export const requestsSection = (parts: PageParts, { requests }: SandboxView): Html =>
  section(parts, {
    id: 'requests',
    title: 'Requests',
    about: html`The last hundred, newest first, and who sent them. Neither credentials nor queries are stored.
      <button type="button" class="quiet" data-pause aria-pressed="false" hidden>Pause</button>
      <a href="/#requests" data-without-script>Reload</a>`,
    body: table(
      'Requests',
      ['Time (UTC)', 'Request', 'Answer', 'Took', 'By'],
      requests.map(
        ({ at, method, path, status, milliseconds, by }) =>
          html`<tr>
            <td>${timeOfDay(at)}</td>
            <th scope="row"><span class="method">${method}</span> <code>${path}</code></th>
            <td>${answerBadge(status)}</td>
            <td class="unbroken">${milliseconds === undefined ? '' : `${milliseconds} ms`}</td>
            <td>${by}</td>
          </tr>`,
      ),
      'None so far. Call the API: its requests to FusionAuth appear here.',
    ),
  });

function answerBadge(status: number | undefined): Html {
  if (status === undefined) return badge('off', 'none');
  if (status >= 500) return badge('poor', String(status));
  return badge(status >= 400 ? 'fair' : 'good', String(status));
}
