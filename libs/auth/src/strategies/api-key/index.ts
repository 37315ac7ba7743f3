import { defineStrategy } from '../define-strategy.js';
import { examineApiKey } from './api-key.examination.js';
import { apiKeyEnvironment } from './api-key.settings.js';
import { apiKeyHeader, apiKeySubject, createApiKey } from './api-key.strategy.js';
import { reasons } from './reasons.js';

/** FusionAuth API keys. */
export const apiKey = defineStrategy({
  ...apiKeyEnvironment,
  examine: examineApiKey,
  consumes: [apiKeyHeader],
  reasons,
  presentation: {
    recognises: (text) => !text.startsWith('eyJ') && /^[^\s:]{20,256}$/.test(text),
    header: (key) => [apiKeyHeader.name, key],
    curl: (key) => `-H "${apiKeyHeader.name}: ${key}"`,
    subject: apiKeySubject,
    rolesFrom: 'credentials-table',
  },
  create: createApiKey,
});
