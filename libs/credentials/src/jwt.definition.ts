import { ClientSecretPost, None, refreshTokenGrant } from 'openid-client';
import { identifier, line, secretText, setting } from '#gatehouse/platform';
import { AccessTokenSource } from './access-token.source.js';
import { devCenterAt } from './credential-failure.js';
import { readRefreshToken, RefreshTokenFile, refreshTokenFileProblem } from './refresh-token-file.js';
import { defineSource, type RefreshTokenStore } from './source.js';
import { tokenEndpoint, type Tokens } from './token-endpoint.js';

/**
 * The source for the access token of a user or client that logged in at the Dev Center with `offline_access` (RFC
 * 6749 section 6).
 */
export const jwt = defineSource({
  settings: {
    REFRESH_TOKEN_FILE: setting(line(), {
      about: 'file of mode 0600 with the refresh token from the Dev Center; replaced at each rotation',
      example: '/var/lib/reminder/refresh-token',
    }),
    CLIENT_ID: setting(identifier(), {
      about: 'public client the refresh token was issued to: the application of the Dev Center',
      example: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c',
      developmentDefault: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c',
    }),
    CLIENT_SECRET: setting(secretText().optional(), {
      about: 'secret of that application, for a session approved by the device grant',
      example: 'the client secret of the application',
      secret: true,
    }),
  },
  problems: ({ REFRESH_TOKEN_FILE: file }, use) => refreshTokenFileProblem(file, use),
  create(settings, parts) {
    const file = settings.REFRESH_TOKEN_FILE;
    const store = parts.sharedStore?.(() => readRefreshToken(file, 'seed')) ?? new RefreshTokenFile(file);
    const authentication = async () => {
      const secret = (await parts.reread?.('CLIENT_SECRET')) ?? settings.CLIENT_SECRET;
      return secret ? ClientSecretPost(secret.reveal()) : None();
    };
    const requestToken = tokenEndpoint(parts, { id: settings.CLIENT_ID, authentication }, (error) =>
      cureOf(error, parts.devCenterUrl),
    );
    const refresh = (refreshToken: string) =>
      requestToken((configuration) => refreshTokenGrant(configuration, refreshToken));
    const obtain = rotating(store, refresh, parts.afterTokenWrite);
    return new AccessTokenSource({ ...parts, obtain, check: () => store.check() });
  },
});

/**
 * Uses the stored refresh token; a rotated one is stored before the access token that came with it is used. One that
 * could not be stored remains in memory, and stored before another is used, because its predecessor may no longer be
 * valid.
 */
export function rotating(
  store: RefreshTokenStore,
  refresh: (refreshToken: string) => Promise<Tokens>,
  afterTokenWrite?: () => Promise<void> | void,
): () => Promise<Tokens> {
  let unsaved: { readonly spent: string; readonly successor: string } | undefined;
  return async () => {
    if (unsaved) {
      const { spent, successor } = unsaved;
      // Unless the store has another token by now.
      await store.rotate((stored) =>
        Promise.resolve({ successor: stored === spent ? successor : undefined, value: undefined }),
      );
      unsaved = undefined;
    }
    const tokens = await store.rotate(async (refreshToken) => {
      const value = await refresh(refreshToken);
      const successor = value.refreshToken;
      unsaved = successor === undefined ? undefined : { spent: refreshToken, successor };
      return { successor, value };
    });
    unsaved = undefined;
    await afterTokenWrite?.();
    return tokens;
  };
}

function cureOf(error: string, devCenterUrl: string | undefined): string {
  const devCenter = devCenterAt(devCenterUrl);
  if (error === 'invalid_client') {
    return (
      'FusionAuth refuses the client: check that CLIENT_ID is the application the refresh token came from, and that ' +
      'CLIENT_SECRET, which a session approved by the device grant needs, is the secret of that application.'
    );
  }
  return error === 'invalid_grant'
    ? 'FusionAuth no longer accepts the refresh token: it was revoked, has expired or was used before. ' +
        `Log in to ${devCenter} for a new one, or have the device approved again, and save it in REFRESH_TOKEN_FILE.`
    : `FusionAuth refused the refresh (${error}). Check that CLIENT_ID is the application the refresh token came from ` +
        `and that its refresh grant is enabled; ${devCenter} shows both.`;
}
