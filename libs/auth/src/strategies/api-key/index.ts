import { defineStrategy } from '../define-strategy.js';
import { apiKeySettings } from './api-key.settings.js';
import { apiKeyHeader, apiKeySubject, createApiKey } from './api-key.strategy.js';
import { issuedKeyId } from './issued-key.js';
import { reasons } from './reasons.js';

/** The strategy for FusionAuth API keys. */
export const apiKey = defineStrategy({
  settings: apiKeySettings,
  problems: (config) => [
    ...(config.FUSIONAUTH_PROBE_GROUP_ID
      ? []
      : ['FUSIONAUTH_PROBE_GROUP_ID: is required for AUTH_STRATEGY api-key']),
    ...(config.PRINCIPAL_KEY
      ? []
      : ['PRINCIPAL_KEY: is required for AUTH_STRATEGY api-key (example: 32 random bytes in base64)']),
  ],
  // FusionAuth is called with the caller's key only.
  ownKeyPermissions: () => [],
  withoutSharedMemory: ({ API_KEY_DEFAULT_ROLES: roles }) => ({
    usable: true,
    loses: `the roles of API keys are unknown, and every key gets those of API_KEY_DEFAULT_ROLES (${roles.join(', ')})`,
  }),
  // Without the probe group every key looks wrong; only our own key can check that it exists.
  selfCheck: async ({ FUSIONAUTH_API_KEY }, { ownKey }) =>
    FUSIONAUTH_API_KEY && (await ownKey.seesProbeGroup()) === false
      ? [
          'FUSIONAUTH_PROBE_GROUP_ID does not name a group of this tenant: create a group without members, and set its id.',
        ]
      : [],
  consumes: [apiKeyHeader],
  reasons,
  presentation: {
    // Only keys that this project issued: any other text of this length may be another kind of secret.
    recognises: (text) => issuedKeyId(text) !== undefined,
    header: (key) => [apiKeyHeader.name, key],
    curl: (key) => `-H "${apiKeyHeader.name}: ${key}"`,
    subjects: (key, keys) => [apiKeySubject(key, keys)],
  },
  create: createApiKey,
});
