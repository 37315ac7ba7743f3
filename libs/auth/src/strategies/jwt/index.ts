import type { Endpoint } from '#gatehouse/fusionauth';
import { defineStrategy } from '../define-strategy.js';
import { bearer } from './bearer.js';
import { readCompactToken } from './compact-token.js';
import { fusionAuthCookies } from './cookie.js';
import { defaultTokenCookie, jwtSettings } from './jwt.settings.js';
import { createJwt } from './jwt.strategy.js';
import { reasons } from './reasons.js';
import { checkJwtSetUp } from './self-check.js';

const ofUsers: readonly Endpoint[] = ['GET /api/jwt/refresh', 'GET /api/user', 'GET /api/user/action'];
const ofMachines: readonly Endpoint[] = ['GET /api/entity', 'GET /api/entity/grant'];

/** The strategy for FusionAuth access tokens of users and machines. */
export const jwt = defineStrategy({
  settings: jwtSettings,
  problems: (config) => [
    ...(config.JWT_VALIDATION === 'session' && !config.FUSIONAUTH_API_KEY
      ? [
          'FUSIONAUTH_API_KEY: is required for JWT_VALIDATION session (it must permit GET of /api/jwt/refresh, /api/user and /api/user/action, and of /api/entity for machine tokens)',
        ]
      : []),
    ...(config.TOKEN_COOKIE.join() !== defaultTokenCookie && !config.TOKEN_LOCATION.includes('cookie')
      ? ['TOKEN_COOKIE: is read only if TOKEN_LOCATION includes cookie: add it there, or unset TOKEN_COOKIE']
      : []),
  ],
  ownKeyPermissions: ({ JWT_VALIDATION, FUSIONAUTH_ENTITY_ID }) => [
    ...(JWT_VALIDATION === 'session' ? ofUsers : []),
    ...(JWT_VALIDATION === 'session' && FUSIONAUTH_ENTITY_ID !== undefined ? ofMachines : []),
  ],
  selfCheck: checkJwtSetUp,
  consumes: [bearer, ...fusionAuthCookies],
  reasons,
  presentation: {
    recognises: (text) => text.startsWith('eyJ'),
    header: (token) => ['Authorization', `Bearer ${token}`],
    curl: (token) => `-H "Authorization: Bearer ${token}"`,
    // Of a token that nobody has verified yet: enough to look it up. A session that a person approved is recorded by `sid`.
    subjects(token) {
      const { sub, sid } = readCompactToken(token)?.claims ?? {};
      return [sub, sid].filter((subject) => typeof subject === 'string');
    },
  },
  create: createJwt,
});
