import { defineStrategy } from '../define-strategy.js';
import { basic } from './basic.js';
import { createEmailToken } from './email-token.strategy.js';
import { reasons } from './reasons.js';

/** The strategy for a FusionAuth user's e-mail and authentication token. */
export const emailToken = defineStrategy({
  settings: {},
  problems: ({ FUSIONAUTH_API_KEY }) =>
    FUSIONAUTH_API_KEY
      ? []
      : [
          'FUSIONAUTH_API_KEY: is required for AUTH_STRATEGY email-token (it must permit POST /api/login and nothing else)',
        ],
  ownKeyPermissions: () => ['POST /api/login'],
  withoutSharedMemory: () => ({
    usable: false,
    loses:
      'FusionAuth locks a user at the fifth refused log-in, so all processes must count log-ins together',
  }),
  consumes: [basic],
  reasons,
  presentation: {
    recognises: (text) => /^[^\s:@]+@[^\s:@]+:\S+$/.test(text),
    header: (pair) => ['Authorization', `Basic ${Buffer.from(pair).toString('base64')}`],
    curl: (pair) => `-u "${pair}"`,
    // The record has the user's id, which the pair does not tell.
    subjects: () => [],
  },
  create: createEmailToken,
});
