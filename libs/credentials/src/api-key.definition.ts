import { type Secret, secretText, setting } from '#gatehouse/platform';
import { defineSource } from './definition.js';
import { staticSource } from './static.source.js';

/** A FusionAuth API key that may do nothing but read the probe group. */
export const apiKey = defineSource({
  settings: {
    API_KEY: setting(secretText(), {
      about: 'the API key from the Dev Center',
      example: 'an API key of 20 to 256 letters and digits',
      secret: true,
    }),
  },
  create: ({ API_KEY }, { reread }) =>
    staticSource({
      name: 'api-key',
      headers: headersOf(API_KEY),
      reread: async () => {
        const key = await reread?.('API_KEY');
        return key && headersOf(key);
      },
    }),
});

const headersOf = (key: Secret) => ({ 'x-api-key': key.reveal() });
