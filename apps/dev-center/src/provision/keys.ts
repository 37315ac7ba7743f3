import { hash } from 'node:crypto';
import { optionalPermissions, type Permission } from '#gatehouse/fusionauth';
import type { ApiKeyRecord } from '#gatehouse/fusionauth/control';
import type { Secret } from '#gatehouse/platform';
import type { DevCenterConfig } from '../config.js';
import { dataWith } from '../context.js';
import type { Change, Part, SetUp } from './parts.js';

/** Returns the permissions that a key lacks. */
async function lackedBy(
  key: Secret,
  permissions: readonly Permission[],
  config: DevCenterConfig,
): Promise<Permission[]> {
  const data = dataWith(config, key);
  try {
    const permitted = await Promise.all(permissions.map((one) => data.ownKey.permits(one)));
    return permissions.filter((_one, at) => !permitted[at]);
  } finally {
    await data.close();
  }
}

/** The Todo API's own key, if it is known here. */
export const apiKeyPart = ({ config, wanted, control }: SetUp): Part => ({
  name: 'FUSIONAUTH_API_KEY',
  async look() {
    const key = config.FUSIONAUTH_API_KEY;
    if (!key) return [];
    const permissions = wanted.apiKeyPermissions;
    const needed = permissions.filter((one) => !optionalPermissions.includes(one));
    const lacks = await lackedBy(key, needed, config);
    if (lacks.length === 0) return [];
    if (lacks.length < needed.length)
      return [{ text: `lacks ${lacks.join(', ')}: add it in Settings, API Keys` }];
    const id = idOf(key);
    const known = await control.apiKeys.read(id);
    if (known) return compareRecord(known, needed);
    const description = 'Todo API: checks sessions and authentication tokens';
    const apply = () => control.apiKeys.make({ id, key: key.reveal(), description, permissions });
    return [{ text: 'does not exist in FusionAuth', done: 'created', apply }];
  },
});

/**
 * Compares the record of a key that FusionAuth refuses. It may refuse a new key, which is not in its cache, for up to
 * a minute.
 */
function compareRecord(
  { permissions, expirationInstant }: ApiKeyRecord,
  wanted: readonly string[],
): Change[] {
  const has = wanted.every((one) => {
    const [method = '', endpoint = ''] = one.split(' ');
    return permissions.endpoints[endpoint]?.includes(method);
  });
  if (has && expirationInstant === undefined) return [];
  return [{ text: 'was changed or given an expiry after it was created: delete it in Settings, API Keys' }];
}

/** Derives the id from the key, so that a second attempt finds the key of the first instead of creating another. */
function idOf(key: Secret): string {
  const digest = hash('sha256', `gatehouse api key ${key.reveal()}`);
  // A UUID of version 8, whose bits are ours to choose (RFC 9562 section 5.8).
  return digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}

/** A permission that only a key manager has. */
const readsKeys = 'GET /api/api-key';

/** The Dev Center's own key. FusionAuth does not let programs change a key manager. */
export const managerKeyPart = ({ config, wanted }: SetUp): Part => ({
  name: 'FUSIONAUTH_MANAGER_KEY',
  async look() {
    const key = config.FUSIONAUTH_MANAGER_KEY;
    if (!key) return [];
    const lacks = await lackedBy(key, [...wanted.managerPermissions, readsKeys], config);
    const missing = lacks.filter((one) => one !== readsKeys).join(', ');
    return [
      ...(lacks.includes(readsKeys)
        ? [{ text: 'is not a key manager: make it one in Settings, API Keys' }]
        : []),
      ...(missing ? [{ text: `lacks ${missing}: add it in Settings, API Keys` }] : []),
    ];
  },
});

/** The key with all permissions. It is removed last, once another key can replace it. */
export const bootstrapKeyPart = ({ config, control }: SetUp): Part => ({
  name: 'FUSIONAUTH_BOOTSTRAP_KEY',
  async look() {
    const { FUSIONAUTH_BOOTSTRAP_KEY_ID: id, FUSIONAUTH_BOOTSTRAP_KEY: key } = config;
    if (id === undefined || !key) return [];
    const manager = config.FUSIONAUTH_MANAGER_KEY?.reveal();
    if (manager === undefined || manager === key.reveal())
      return [{ text: 'stays: there is no other FUSIONAUTH_MANAGER_KEY to replace it' }];
    const found = await control.apiKeys.read(id);
    if (!found || !isOfTheInstance(found, key))
      return [{ text: 'stays: FUSIONAUTH_BOOTSTRAP_KEY_ID is not its id; see Settings, API Keys' }];
    return [
      {
        text: 'may do everything, and is no longer needed',
        done: 'removed: it may do everything, and is no longer needed',
        apply: () => control.apiKeys.removeOwn(id),
        last: true,
      },
    ];
  },
});

/**
 * Tells whether it is bound to no tenant and no endpoints. If FusionAuth shows the key's text, it must be the key in
 * use.
 */
const isOfTheInstance = ({ tenantId, permissions, key }: ApiKeyRecord, used: Secret): boolean =>
  tenantId === undefined &&
  Object.keys(permissions.endpoints).length === 0 &&
  (key === undefined || key.reveal() === used.reveal());
