import { z } from 'zod';
import { commaList, keyText, setting, uuid, word } from '#gatehouse/platform';

/** The settings of the api-key strategy. */
export const apiKeySettings = {
  FUSIONAUTH_PROBE_GROUP_ID: setting(uuid().optional(), {
    about: 'the unused FusionAuth group that is all a client’s API key may read',
    example: 'c3e2d1f0-9b8a-4766-8554-433221100ffe',
    developmentDefault: 'c3e2d1f0-9b8a-4766-8554-433221100ffe',
  }),
  API_KEY_FORMAT: setting(z.enum(['any', 'issued']).default('any'), {
    about:
      'issued: only keys that this project issued, others are refused without a call to FusionAuth; any: every FusionAuth key',
    example: 'issued',
  }),
  API_KEY_DEFAULT_ROLES: setting(commaList(word()).default(['todo-reader']), {
    about: 'roles of an API key that is not in the credentials table',
    example: 'todo-reader',
  }),
  PRINCIPAL_KEY: setting(keyText().optional(), {
    about:
      'HMAC key from which the identity of a plain API key is derived; changing it orphans every issued key',
    example: '32 random bytes in base64',
    secret: true,
    developmentDefault: 'principal-key-of-development-only',
  }),
};

export type ApiKeyConfig = z.output<z.ZodObject<typeof apiKeySettings>>;
