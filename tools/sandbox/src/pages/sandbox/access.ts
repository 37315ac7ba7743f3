import type { SandboxView } from '../../console/view.js';
import { type Html, html } from '../html.js';
import { actions, badge, button, type PageParts, section, span, table, tags } from './parts.js';

type Key = SandboxView['keys'][number];
type ApiKey = SandboxView['apiKeys'][number];

export const keysSection = (parts: PageParts, { keys }: SandboxView): Html =>
  section(parts, {
    id: 'keys',
    title: 'Signing keys',
    about: html`The key set is <a href="/.well-known/jwks.json">/.well-known/jwks.json</a>. An HMAC key is
      never in it.`,
    body: table(
      'Signing keys',
      ['Key', 'Algorithm', 'Signs for', 'Key set', actions],
      keys.map(
        (key) =>
          html`<tr>
            <th scope="row">${key.name}<small class="id">${key.kid}</small></th>
            <td>${key.algorithm}</td>
            <td>${key.signsFor.length === 0 ? 'nothing' : tags(key.signsFor)}</td>
            <td>${publication(key)}</td>
            <td class="do">${keyButtons(parts, key)}</td>
          </tr>`,
      ),
    ),
  });

function publication({ inKeySet, canBePublished }: Key): Html {
  if (inKeySet) return badge('good', 'published');
  return canBePublished ? badge('poor', 'withdrawn') : badge('off', 'never');
}

function keyButtons(parts: PageParts, { kid, name, signsFor, inKeySet }: Key): Html {
  const fields = { kid };
  const rotates = signsFor.some((user) => user !== 'webhooks');
  const rotate = button(parts, { name: 'rotate-key', label: 'Rotate', to: `${name}, ${kid}`, fields });
  const withdraw = button(parts, { name: 'withdraw-key', label: 'Withdraw', to: `${name}, ${kid}`, fields });
  return html`${rotates ? rotate : ''} ${inKeySet ? withdraw : ''}`;
}

export const apiKeysSection = (parts: PageParts, { apiKeys }: SandboxView): Html =>
  section(parts, {
    id: 'api-keys',
    title: 'API keys',
    about: 'Each with its ID and the last characters of its value.',
    body: table(
      'API keys',
      ['Key', 'Value', 'State', 'May call', actions],
      apiKeys.map(
        (key) =>
          html`<tr>
            <th scope="row">${key.name}<small class="id">${key.id}</small></th>
            <td class="unbroken"><code>${key.mask}</code></td>
            <td>${badge(key.status === 'active' ? 'good' : 'off', key.status)}</td>
            <td>${permissionsOf(key)}</td>
            <td class="do">
              ${
                key.status === 'active'
                  ? button(parts, {
                      name: 'expire-api-key',
                      label: 'Expire this key',
                      to: key.name,
                      fields: { keyId: key.id },
                    })
                  : ''
              }
            </td>
          </tr>`,
      ),
    ),
  });

function permissionsOf({ permissions, keyManager, tenant }: ApiKey): Html {
  const where = tenant === undefined ? 'every tenant' : `tenant ${tenant}`;
  const manages = keyManager ? ', and the API keys' : '';
  if (permissions.length === 0) return html`everything in ${where}${manages}`;
  const counted = permissions.length === 1 ? '1 endpoint' : `${permissions.length} endpoints`;
  return html`<details>
    <summary>${counted} in ${where}${manages}</summary>
    <ul class="plain">
      ${permissions.map(([endpoint, methods]) => html`<li><code>${endpoint}</code> ${methods.join(', ')}</li>`)}
    </ul>
  </details>`;
}

export const applicationsSection = (parts: PageParts, { applications }: SandboxView): Html =>
  section(parts, {
    id: 'applications',
    title: 'Applications',
    body: table(
      'Applications',
      ['Application', 'Tenant', 'Grants', 'Redirect URIs', 'Token lifetime'],
      applications.map(
        ({ id, name, tenant, grants, redirectUris, tokenSeconds }) =>
          html`<tr>
            <th scope="row">${name}<small class="id">${id}</small></th>
            <td>${tenant}</td>
            <td>${tags(grants)}</td>
            <td>${redirectUris.map((uri) => html`<div><code>${uri}</code></div>`)}</td>
            <td>${tokenSeconds === undefined ? 'tenant setting' : span(tokenSeconds * 1000)}</td>
          </tr>`,
      ),
    ),
  });

export const entitiesSection = (parts: PageParts, { entities }: SandboxView): Html =>
  section(parts, {
    id: 'entities',
    title: 'Entities',
    body: table(
      'Entities',
      ['Entity', 'Type', 'Permissions granted on it'],
      entities.map(
        ({ id, name, type, grants }) =>
          html`<tr>
            <th scope="row">${name}<small class="id">${id}</small></th>
            <td>${type}</td>
            <td>
              ${
                grants.length === 0
                  ? 'none'
                  : grants.map(
                      ([recipient, permissions]) => html`<div>${recipient} ${tags(permissions)}</div>`,
                    )
              }
            </td>
          </tr>`,
      ),
    ),
  });
