import { nameOfApiKey, nameOfUser } from '../../console/names.js';
import type { Caller } from '../../controls/caller.js';
import type { State } from '../../state/state.js';
import { type Html, html } from '../html.js';
import { badge, type PageParts, section, table, timeOfDay } from './parts.js';

const maximumShown = 100;

/** The requests, newest first; the script adds a button that pauses them. */
export const requestsSection = (parts: PageParts): Html =>
  section(parts, {
    id: 'requests',
    title: 'Requests',
    about: html`The last hundred, newest first, and who sent them. Neither credentials nor queries are stored.
      <button type="button" class="quiet" data-pause aria-pressed="false" hidden>Pause</button>
      <a href="/#requests" data-without-script>Reload</a>`,
    body: table(
      'Requests',
      ['Time (UTC)', 'Request', 'Answer', 'Took', 'By'],
      parts.controls.requests
        .list()
        .slice(-maximumShown)
        .reverse()
        .map(
          ({ at, operation, path, status, milliseconds, by }) =>
            html`<tr>
              <td>${timeOfDay(at)}</td>
              <th scope="row">
                <span class="method">${operation.split(' ')[0] ?? ''}</span>
                <code>${withoutSecrets(path)}</code>
              </th>
              <td>${answerBadge(status)}</td>
              <td class="unbroken">${milliseconds === undefined ? '' : `${milliseconds} ms`}</td>
              <td>${by ? callerName(parts.instance.state, by) : 'nobody'}</td>
            </tr>`,
        ),
      'None so far. Call the API: its requests to FusionAuth appear here.',
    ),
  });

/** Masks long path segments. No id or name of FusionAuth is this long, so it may be a secret in the wrong place. */
const withoutSecrets = (path: string): string => path.replaceAll(/[^/]{40,}/g, '…');

function callerName(state: State, { kind, id = '' }: Caller): string {
  if (kind === 'unknown') return 'an unknown credential';
  if (kind === 'client') return `client ${nameOfClient(state, id)}`;
  const [user, key] = [state.users.get(id), state.apiKeys.get(id)];
  if (kind === 'token') return `token of ${user ? nameOfUser(user) : nameOfClient(state, id)}`;
  return `API key …${id.slice(-8)}${key ? `, ${nameOfApiKey(key)}` : ''}`;
}

const nameOfClient = ({ applications, entities }: State, id: string): string =>
  (applications.get(id) ?? entities.get(id))?.name ?? id;

function answerBadge(status: number | undefined): Html {
  if (status === undefined) return badge('off', 'none');
  if (status >= 500) return badge('poor', String(status));
  return badge(status >= 400 ? 'fair' : 'good', String(status));
}
