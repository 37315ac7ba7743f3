import type { SandboxView } from '../../console/view.js';
import { type Html, html } from '../html.js';
import { actions, badge, button, instant, type PageParts, section, table, tags } from './parts.js';

type User = SandboxView['users'][number];
type Session = SandboxView['sessions'][number];

export const usersSection = (parts: PageParts, { users }: SandboxView): Html =>
  section(parts, {
    id: 'users',
    title: 'Users',
    about: 'A lock is a user action that prevents logging in; it revokes sessions, as in FusionAuth.',
    body: table(
      'Users',
      ['User', 'State', 'Registered for', actions],
      users.map(
        (user) =>
          html`<tr>
            <th scope="row"><bdi>${user.name}</bdi><small class="id">${user.id}</small></th>
            <td>${stateOf(user)}</td>
            <td>${registrationsOf(user)}</td>
            <td class="do">${userButtons(parts, user)}</td>
          </tr>`,
      ),
    ),
  });

function stateOf({ active, expired, lockedUntil }: User): Html {
  if (!active) return badge('poor', 'deactivated');
  if (lockedUntil !== undefined)
    return html`${badge('poor', 'locked')}<small>until ${instant(lockedUntil)}</small>`;
  return expired ? badge('fair', 'expired') : badge('good', 'active');
}

const registrationsOf = ({ registrations }: User): Html =>
  registrations.length === 0
    ? html`nothing`
    : html`${registrations.map(([application, roles]) => html`<div>${application} ${tags(roles)}</div>`)}`;

function userButtons(parts: PageParts, { id, name, active, lockedUntil }: User): Html {
  const fields = { userId: id };
  const lock =
    lockedUntil === undefined
      ? button(parts, { name: 'lock-user', label: 'Lock this user', to: name, fields })
      : button(parts, { name: 'unlock-user', label: 'Unlock', to: name, fields });
  const activation = active
    ? button(parts, { name: 'deactivate-user', label: 'Deactivate', to: name, fields })
    : button(parts, { name: 'reactivate-user', label: 'Reactivate', to: name, fields });
  return html`${lock} ${activation}`;
}

export const sessionsSection = (parts: PageParts, { sessions }: SandboxView): Html =>
  section(parts, {
    id: 'sessions',
    title: 'Sessions',
    about:
      'One for each refresh token. Revoking one does not revoke its access tokens: a guard that calls FusionAuth refuses ' +
      'them, one that checks only signatures does not.',
    body: table(
      'Sessions',
      ['User', 'Application', 'Started', 'Expires', actions],
      sessions.map((session) => sessionRow(parts, session)),
      'Nobody is logged in with a refresh token.',
    ),
  });

const sessionRow = (
  parts: PageParts,
  { id, user, application, startInstant, lastUsedInstant, expiresAt }: Session,
): Html => {
  const to = `of ${user}, session ${id}`;
  const fields = { sessionId: id };
  return html`<tr>
    <th scope="row"><bdi>${user}</bdi><small class="id">${id}</small></th>
    <td>${application}</td>
    <td>${instant(startInstant)}<small>last used ${instant(lastUsedInstant)}</small></td>
    <td>${instant(expiresAt)}</td>
    <td class="do">
      ${button(parts, { name: 'revoke-session', label: 'Revoke this session', to, fields })}
      ${button(parts, { name: 'expire-session', label: 'Expire this token', to, fields })}
    </td>
  </tr>`;
};
