import { z } from 'zod';
import { secretText, setting } from '#gatehouse/platform';
import { defineSource } from './source.js';
import { staticSource } from './static.source.js';

/** The source for an e-mail and FusionAuth authentication token, sent as HTTP Basic (RFC 7617). */
export const emailToken = defineSource({
  settings: {
    LOGIN_EMAIL: setting(z.email(), {
      about: 'e-mail of the user that represents this client',
      example: 'reminder@clients.example.com',
    }),
    AUTHENTICATION_TOKEN: setting(secretText(), {
      about: 'authentication token of that user, never its password',
      example: 'the authentication token from the Dev Center',
      secret: true,
    }),
  },
  create: ({ LOGIN_EMAIL, AUTHENTICATION_TOKEN }, { reread }) =>
    staticSource(
      'AUTHENTICATION_TOKEN',
      AUTHENTICATION_TOKEN,
      (token) => ({
        authorization: `Basic ${Buffer.from(`${LOGIN_EMAIL}:${token.reveal()}`).toString('base64')}`,
      }),
      reread,
    ),
});
