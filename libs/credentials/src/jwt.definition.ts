import { z } from 'zod';
import { setting } from '#gatehouse/platform';
import { defineSource } from './definition.js';
import { JwtSource } from './jwt.source.js';
import { readRefreshToken, RefreshTokenFile } from './refresh-token-file.js';
import { refreshAt } from './token-endpoint.js';

/** The access token of a person or client who logged in at the Dev Center with `offline_access`. */
export const jwt = defineSource({
  settings: {
    REFRESH_TOKEN_FILE: setting(z.string(), {
      about: 'file of mode 0600 with the refresh token from the Dev Center; replaced at each rotation',
      example: '/var/lib/reminder/refresh-token',
    }),
    CLIENT_ID: setting(z.string(), {
      about: 'public client the refresh token was issued to: the application of the Dev Center',
      example: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c',
      developmentDefault: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c',
    }),
  },
  create(settings, parts) {
    const file = settings.REFRESH_TOKEN_FILE;
    return new JwtSource({
      refresh: refreshAt(parts.issuerUrl, settings.CLIENT_ID),
      store: parts.sharedStore?.(() => readRefreshToken(file)) ?? new RefreshTokenFile(file),
      clock: parts.clock,
      log: parts.log,
      afterTokenWrite: parts.afterTokenWrite,
    });
  },
});
