import { defineStrategy } from '../define-strategy.js';
import { examineApiKey } from './api-key.examination.js';
import { apiKeyEnvironment } from './api-key.settings.js';
import { apiKeyHeader, apiKeySubject, createApiKey } from './api-key.strategy.js';
import { issuedKeyId } from './issued-key.js';
import { reasons } from './reasons.js';

/** FusionAuth API keys. */
export const apiKey = defineStrategy({
  ...apiKeyEnvironment,
  examine: examineApiKey,
  consumes: [apiKeyHeader],
  reasons,
  presentation: {
    // Of our own make only: any other text of this length may be some other secret.
    recognises: (text) => issuedKeyId(text) !== undefined,
    header: (key) => [apiKeyHeader.name, key],
    curl: (key) => `-H "${apiKeyHeader.name}: ${key}"`,
    subject: apiKeySubject,
    rolesFrom: 'credentials-table',
  },
  create: createApiKey,
});
