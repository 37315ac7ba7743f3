import { nameOfUser } from '../../console/names.js';
import type { Instance } from '../../instance.js';
import type { RefreshTokenRecord, UserRecord } from '../../state/state.js';
import { sessionExpiry } from '../../tokens/refresh-token.js';
import { isLive, policyOf } from '../../tokens/sessions.js';
import { isExpired } from '../../users/log-in.js';
import { preventingActions } from '../../users/user-actions.js';
import { type Html, html } from '../html.js';
import { actions, badge, button, instant, type PageParts, section, table, tags } from './parts.js';

export const usersSection = (parts: PageParts): Html =>
  section(parts, {
    id: 'users',
    title: 'Users',
    about: 'A lock is a user action that prevents logging in; it revokes sessions, as in FusionAuth.',
    body: table(
      'Users',
      ['User', 'State', 'Registered for', actions],
      [...parts.instance.state.users.values()].map((record) => userRow(parts, record)),
    ),
  });

function userRow(parts: PageParts, record: UserRecord): Html {
  const { instance } = parts;
  const { id, user } = record;
  const name = nameOfUser(record);
  const locks = preventingActions(instance, id).map(({ expiry = 0 }) => expiry);
  const target = { to: name, fields: { userId: id } };
  const lock = { name: 'lock-user', label: 'Lock this user', ...target };
  const unlock = { name: 'unlock-user', label: 'Unlock', ...target };
  const deactivate = { name: 'deactivate-user', label: 'Deactivate', ...target };
  const reactivate = { name: 'reactivate-user', label: 'Reactivate', ...target };
  const registrations = user.registrations.map(
    ({ applicationId, roles }) => html`<div>${applicationName(instance, applicationId)} ${tags(roles)}</div>`,
  );
  return html`<tr>
    <th scope="row"><bdi>${name}</bdi><small class="id">${id}</small></th>
    <td>${stateOf(instance, record, locks)}</td>
    <td>${registrations.length === 0 ? 'nothing' : registrations}</td>
    <td class="do">
      ${button(parts, locks.length === 0 ? lock : unlock)}
      ${button(parts, user.active ? deactivate : reactivate)}
    </td>
  </tr>`;
}

function stateOf(instance: Instance, record: UserRecord, locks: readonly number[]): Html {
  if (!record.user.active) return badge('poor', 'deactivated');
  if (locks.length > 0)
    return html`${badge('poor', 'locked')}<small>until ${instant(Math.max(...locks))}</small>`;
  return isExpired(record, instance.now()) ? badge('fair', 'expired') : badge('good', 'active');
}

/** The sessions that can still be continued, newest first. */
export function sessionsSection(parts: PageParts): Html {
  const { instance } = parts;
  const live = [...instance.state.refreshTokens.values()].filter((session) => isLive(instance, session));
  return section(parts, {
    id: 'sessions',
    title: 'Sessions',
    about:
      'One for each refresh token. Revoking one does not revoke its access tokens: a guard that calls FusionAuth refuses ' +
      'them, one that checks only signatures does not.',
    body: table(
      'Sessions',
      ['User', 'Application', 'Started', 'Expires', actions],
      live
        .sort((left, right) => right.startInstant - left.startInstant)
        .map((session) => sessionRow(parts, session)),
      'Nobody is logged in with a refresh token.',
    ),
  });
}

function sessionRow(parts: PageParts, session: RefreshTokenRecord): Html {
  const { instance } = parts;
  const { id, userId, applicationId, startInstant, lastUsedInstant } = session;
  const record = instance.state.users.get(userId);
  const user = record ? nameOfUser(record) : userId;
  const target = { to: `of ${user}, session ${id}`, fields: { sessionId: id } };
  return html`<tr>
    <th scope="row"><bdi>${user}</bdi><small class="id">${id}</small></th>
    <td>${applicationName(instance, applicationId)}</td>
    <td>${instant(startInstant)}<small>last used ${instant(lastUsedInstant)}</small></td>
    <td>${instant(sessionExpiry(session, policyOf(instance, session) ?? {}))}</td>
    <td class="do">
      ${button(parts, { name: 'revoke-session', label: 'Revoke this session', ...target })}
      ${button(parts, { name: 'expire-session', label: 'Expire this token', ...target })}
    </td>
  </tr>`;
}

const applicationName = ({ state }: Instance, id: string): string => state.applications.get(id)?.name ?? id;
