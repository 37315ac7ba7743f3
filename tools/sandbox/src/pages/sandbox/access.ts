import { nameOfApiKey, nameOfUser } from '../../console/names.js';
import type {
  ApiKeyRecord,
  ApplicationRecord,
  EntityGrantRecord,
  EntityRecord,
  KeyRecord,
  State,
} from '../../state/state.js';
import { publicJwk } from '../../tokens/signing-key.js';
import { type Html, html } from '../html.js';
import { actions, badge, button, mask, type PageParts, section, span, table, tags } from './parts.js';

export const keysSection = (parts: PageParts): Html =>
  section(parts, {
    id: 'keys',
    title: 'Signing keys',
    about: html`The key set is <a href="/.well-known/jwks.json">/.well-known/jwks.json</a>. An HMAC key is
      never in it.`,
    body: table(
      'Signing keys',
      ['Key', 'Algorithm', 'Signs for', 'Key set', actions],
      [...parts.instance.state.keys.values()].flatMap((key) => (key.shadow ? [] : keyRow(parts, key))),
    ),
  });

function keyRow(parts: PageParts, key: KeyRecord): Html {
  const { kid, name, algorithm } = key;
  const [ofTokens, ofWebhooks] = signsFor(parts.instance.state, key);
  const users = [...ofTokens, ...ofWebhooks];
  const target = { to: `${name}, ${kid}`, fields: { kid } };
  return html`<tr>
    <th scope="row">${name}<small class="id">${kid}</small></th>
    <td>${algorithm}</td>
    <td>${users.length === 0 ? 'nothing' : tags(users)}</td>
    <td>${publication(key)}</td>
    <td class="do">
      ${ofTokens.length > 0 ? button(parts, { name: 'rotate-key', label: 'Rotate', ...target }) : ''}
      ${publicJwk(key) ? button(parts, { name: 'withdraw-key', label: 'Withdraw', ...target }) : ''}
    </td>
  </tr>`;
}

function publication(key: KeyRecord): Html {
  if (publicJwk(key)) return badge('good', 'published');
  return key.privateKey === undefined ? badge('off', 'never') : badge('poor', 'withdrawn');
}

/** Returns whose tokens a key signs, by name, and `webhooks` where it signs events. */
function signsFor(
  { applications, tenants, entityTypes, webhooks }: State,
  { id }: KeyRecord,
): [ofTokens: string[], ofWebhooks: string[]] {
  const issuers = [...applications.values(), ...tenants.values(), ...entityTypes.values()];
  const names = issuers.flatMap(({ name, jwtConfiguration = {} }) =>
    Object.values(jwtConfiguration).includes(id) ? [name] : [],
  );
  const signsEvents = [...webhooks.values()].some(
    ({ signatureConfiguration }) => signatureConfiguration?.signingKeyId === id,
  );
  return [[...new Set(names)], signsEvents ? ['webhooks'] : []];
}

export const apiKeysSection = (parts: PageParts): Html =>
  section(parts, {
    id: 'api-keys',
    title: 'API keys',
    about: 'Each with its ID and the last characters of its value.',
    body: table(
      'API keys',
      ['Key', 'Value', 'State', 'May call', actions],
      [...parts.instance.state.apiKeys.values()].map((key) => apiKeyRow(parts, key)),
    ),
  });

function apiKeyRow(parts: PageParts, key: ApiKeyRecord): Html {
  const { instance } = parts;
  const status = statusOf(key, instance.now());
  const name = nameOfApiKey(key);
  const expire = { name: 'expire-api-key', label: 'Expire this key', to: name, fields: { keyId: key.id } };
  return html`<tr>
    <th scope="row">${name}<small class="id">${key.id}</small></th>
    <td class="unbroken"><code>${mask(key.key)}</code></td>
    <td>${badge(status === 'active' ? 'good' : 'off', status)}</td>
    <td>${permissionsOf(instance.state, key)}</td>
    <td class="do">${status === 'active' ? button(parts, expire) : ''}</td>
  </tr>`;
}

function statusOf(
  { effectiveAt, removedAt = Infinity, expirationInstant = Infinity }: ApiKeyRecord,
  now: number,
): string {
  if (now >= removedAt) return 'deleted';
  if (now >= expirationInstant) return 'expired';
  return now < effectiveAt ? 'not yet active' : 'active';
}

function permissionsOf(state: State, { permissions, keyManager, tenantId }: ApiKeyRecord): Html {
  const where = tenantId === undefined ? 'every tenant' : `tenant ${tenantName(state, tenantId)}`;
  const manages = keyManager ? ', and the API keys' : '';
  const endpoints = Object.entries(permissions?.endpoints ?? {});
  if (endpoints.length === 0) return html`everything in ${where}${manages}`;
  const counted = endpoints.length === 1 ? '1 endpoint' : `${endpoints.length} endpoints`;
  return html`<details>
    <summary>${counted} in ${where}${manages}</summary>
    <ul class="plain">
      ${endpoints.map(([endpoint, methods = []]) => html`<li><code>${endpoint}</code> ${methods.join(', ')}</li>`)}
    </ul>
  </details>`;
}

export const applicationsSection = (parts: PageParts): Html =>
  section(parts, {
    id: 'applications',
    title: 'Applications',
    body: table(
      'Applications',
      ['Application', 'Tenant', 'Grants', 'Redirect URIs', 'Token lifetime'],
      [...parts.instance.state.applications.values()].map((one) => applicationRow(parts.instance.state, one)),
    ),
  });

function applicationRow(
  state: State,
  { id, name, tenantId, oauthConfiguration, jwtConfiguration }: ApplicationRecord,
): Html {
  const { enabledGrants = [], authorizedRedirectURLs = [] } = oauthConfiguration;
  const seconds = jwtConfiguration?.enabled ? jwtConfiguration.timeToLiveInSeconds : undefined;
  // Without the prefix of URNs.
  const grants = enabledGrants.map((grant) => grant.replace(/^.*:/, ''));
  return html`<tr>
    <th scope="row">${name}<small class="id">${id}</small></th>
    <td>${tenantName(state, tenantId)}</td>
    <td>${tags(grants)}</td>
    <td>${authorizedRedirectURLs.map((uri) => html`<div><code>${uri}</code></div>`)}</td>
    <td>${seconds === undefined ? 'tenant setting' : span(seconds * 1000)}</td>
  </tr>`;
}

export const entitiesSection = (parts: PageParts): Html =>
  section(parts, {
    id: 'entities',
    title: 'Entities',
    body: table(
      'Entities',
      ['Entity', 'Type', 'Permissions granted on it'],
      [...parts.instance.state.entities.values()].map((one) => entityRow(parts.instance.state, one)),
    ),
  });

function entityRow(state: State, { id, name, typeId }: EntityRecord): Html {
  const grants = [...state.entityGrants.values()].filter(({ targetId }) => targetId === id);
  const shown = grants.map(
    (grant) => html`<div>${recipientOf(state, grant)} ${tags(grant.permissions)}</div>`,
  );
  return html`<tr>
    <th scope="row">${name}<small class="id">${id}</small></th>
    <td>${state.entityTypes.get(typeId)?.name ?? typeId}</td>
    <td>${shown.length === 0 ? 'none' : shown}</td>
  </tr>`;
}

function recipientOf(state: State, { recipientEntityId = '', userId = '' }: EntityGrantRecord): string {
  const user = state.users.get(userId);
  return user ? nameOfUser(user) : (state.entities.get(recipientEntityId)?.name ?? recipientEntityId);
}

const tenantName = ({ tenants }: State, id: string): string => tenants.get(id)?.name ?? id;
