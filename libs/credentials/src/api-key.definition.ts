import { secretText, setting } from '#gatehouse/platform';
import { defineSource } from './source.js';
import { staticSource } from './static.source.js';

/** The source for a FusionAuth API key that may only read the probe group. */
export const apiKey = defineSource({
  settings: {
    API_KEY: setting(secretText(), {
      about: 'the API key from the Dev Center',
      example: 'an API key of 20 to 256 letters and digits',
      secret: true,
    }),
  },
  create: ({ API_KEY }, { reread }) =>
    staticSource('API_KEY', API_KEY, (key) => ({ 'x-api-key': key.reveal() }), reread),
});
