import { defineStrategy } from '../define-strategy.js';
import { bearer } from './bearer.js';
import { readCompactToken } from './compact-token.js';
import { accessTokenCookie, refreshTokenCookie } from './cookie.js';
import { examineJwt } from './jwt.examination.js';
import { jwtEnvironment } from './jwt.settings.js';
import { createJwt } from './jwt.strategy.js';
import { reasons } from './reasons.js';

/** FusionAuth access tokens, of people and of machines. */
export const jwt = defineStrategy({
  ...jwtEnvironment,
  examine: examineJwt,
  consumes: [bearer, accessTokenCookie, refreshTokenCookie],
  reasons,
  presentation: {
    recognises: (text) => text.startsWith('eyJ'),
    header: (token) => ['Authorization', `Bearer ${token}`],
    curl: (token) => `-H "Authorization: Bearer ${token}"`,
    // Of a token that nobody has verified yet: enough to look it up.
    subject: (token) => readCompactToken(token)?.claims['sub'] as string | undefined,
    rolesFrom: 'fusionauth',
  },
  create: createJwt,
});
