import { hash } from 'node:crypto';
import type { Permission } from '#gatehouse/fusionauth';
import type { ApiKeyRecord, FusionAuthControl } from '#gatehouse/fusionauth/control';
import type { Secret } from '#gatehouse/platform';
import { dataFor } from '../center.js';
import type { DevCenterConfig } from '../config.js';
import type { Part } from './part.js';
import type { Wanted } from './wanted.js';

/** Those of the permissions that the key has not. */
async function refused(
  config: DevCenterConfig,
  key: Secret,
  permissions: readonly Permission[],
): Promise<Permission[]> {
  const data = dataFor(config, key);
  try {
    const permitted = await Promise.all(permissions.map((one) => data.ownKey.permits(one)));
    return permissions.filter((_one, at) => !permitted[at]);
  } finally {
    await data.close();
  }
}

/** The Todo API's own key, where it is known here. */
export function apiKeyPart(config: DevCenterConfig, wanted: Wanted, control: FusionAuthControl): Part {
  const key = config.FUSIONAUTH_API_KEY;
  return {
    name: 'FUSIONAUTH_API_KEY',
    async look() {
      if (!key) return [];
      const lacks = await refused(config, key, wanted.apiKeyPermissions);
      if (lacks.length === 0) return [];
      if (lacks.length < wanted.apiKeyPermissions.length)
        return [{ text: `may not ${lacks.join(', ')}: permit it in Settings, API Keys` }];
      const permissions = wanted.apiKeyPermissions;
      const known = await control.apiKeys.read(idOf(key));
      if (known) return afterwards(known, permissions);
      const description = 'Todo API: checks sessions and authentication tokens';
      const made = { id: idOf(key), key: key.reveal(), description, permissions };
      return [
        { text: 'is no key of FusionAuth yet', done: 'created', apply: () => control.apiKeys.make(made) },
      ];
    },
  };
}

/** FusionAuth's cache knows nothing of a new key for up to a minute: then its record tells. */
function afterwards(
  { permissions: { endpoints }, expirationInstant }: ApiKeyRecord,
  wanted: readonly string[],
) {
  const has = wanted.every((one) => {
    const [method = '', endpoint = ''] = one.split(' ');
    return endpoints[endpoint]?.includes(method);
  });
  if (has && expirationInstant === undefined) return [];
  return [{ text: 'was made, and has been changed or given an end since: delete it in Settings, API Keys' }];
}

/** The same for the same key, so that a second attempt meets the first one's key instead of making another. */
function idOf(key: Secret): string {
  const digest = hash('sha256', `gatehouse api key ${key.reveal()}`);
  // A UUID of version 8: its bits are ours to choose (RFC 9562 section 5.8).
  return digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}

/** What the Dev Center's own key lacks; FusionAuth lets no program change a key manager. */
export async function managerLacks(config: DevCenterConfig, wanted: Wanted): Promise<Permission[]> {
  const key = config.FUSIONAUTH_MANAGER_KEY;
  return key ? refused(config, key, [...wanted.managerPermissions, 'GET /api/api-key']) : [];
}

export function managerKeyPart(config: DevCenterConfig, wanted: Wanted): Part {
  return {
    name: 'FUSIONAUTH_MANAGER_KEY',
    async look() {
      const lacks = await managerLacks(config, wanted);
      if (lacks.length === 0) return [];
      const missing = lacks.filter((one) => one !== 'GET /api/api-key');
      return [
        ...(missing.length < lacks.length
          ? [{ text: 'is no key manager: make it one in Settings, API Keys' }]
          : []),
        ...(missing.length > 0
          ? [{ text: `may not ${missing.join(', ')}: permit it in Settings, API Keys` }]
          : []),
      ];
    },
  };
}

/** The key that may do everything goes last, once nothing is left for it to do and another is known to take its place. */
export function bootstrapKeyPart(config: DevCenterConfig, control: FusionAuthControl): Part {
  const { FUSIONAUTH_BOOTSTRAP_KEY_ID: id, FUSIONAUTH_BOOTSTRAP_KEY: key } = config;
  return {
    name: 'FUSIONAUTH_BOOTSTRAP_KEY',
    async look() {
      if (id === undefined || !key) return [];
      const manager = config.FUSIONAUTH_MANAGER_KEY?.reveal();
      if (manager === undefined || manager === key.reveal())
        return [{ text: 'stays, for there is no FUSIONAUTH_MANAGER_KEY besides that could take its place' }];
      const found = await control.apiKeys.read(id);
      if (!found || !isOfTheInstance(found, key))
        return [{ text: 'stays, for FUSIONAUTH_BOOTSTRAP_KEY_ID is not its id: see Settings, API Keys' }];
      return [
        {
          text: 'may do everything, and is not needed any more',
          done: 'removed, for it may do everything and is not needed any more',
          apply: () => control.apiKeys.removeOwn(id),
          last: true,
        },
      ];
    },
  };
}

/** Bound to no tenant and to no endpoints; where FusionAuth shows the key's own text, it is the one in use. */
const isOfTheInstance = ({ tenantId, permissions, key }: ApiKeyRecord, used: Secret): boolean =>
  tenantId === undefined &&
  Object.keys(permissions.endpoints).length === 0 &&
  (key === undefined || key.reveal() === used.reveal());
