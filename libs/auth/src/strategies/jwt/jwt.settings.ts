import { z } from 'zod';
import { commaList, integer, line, optionalSecret, setting, uuid } from '#gatehouse/platform';
import { refreshTokenCookies } from './cookie.js';

/** The cookie of FusionAuth's hosted backend. */
export const defaultTokenCookie = 'app.at';

/** The name of a cookie: a token of HTTP (RFC 6265 section 4.1.1). */
const cookieName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be names of cookies')
  .refine((name) => !refreshTokenCookies.includes(name), 'must not name the cookie of a refresh token');

/** The settings of the jwt strategy. */
export const jwtSettings = {
  JWT_VALIDATION: setting(z.enum(['local', 'introspection', 'session']).default('local'), {
    about:
      'how tokens are checked. local: with FusionAuth’s public keys (JWKS); introspection: also by FusionAuth’s introspection; session: also against FusionAuth’s records of session, user and registration',
    example: 'local',
  }),
  JWT_ENGINE: setting(z.enum(['node', 'passport-jwt']).default('node'), {
    about: 'the library that verifies signatures, under the same rules: Node’s own crypto, or passport-jwt',
    example: 'node',
  }),
  TOKEN_LOCATION: setting(
    commaList(z.enum(['header', 'cookie']))
      .refine((list) => list.length > 0, 'must name a place')
      .default(['header']),
    {
      about:
        'where access tokens are read from: Authorization, a cookie (TOKEN_COOKIE), or either (a request must not carry both)',
      example: 'header',
    },
  ),
  TOKEN_COOKIE: setting(
    commaList(cookieName)
      .refine((list) => list.length > 0, 'must name a cookie')
      .default([defaultTokenCookie]),
    {
      about:
        'the cookies that may hold an access token, one per request: app.at of FusionAuth’s hosted backend, access_token of its Login API',
      example: 'app.at,access_token',
    },
  ),
  ALLOWED_ORIGINS: setting(
    commaList(
      z.string().refine((value) => URL.canParse(value) && new URL(value).origin === value, {
        error: 'must be origins: only scheme, host and port',
      }),
    ).default([]),
    {
      about:
        'origins of browser applications, which may call from another site and change state with a cookie',
      example: 'https://app.example.com',
    },
  ),
  FUSIONAUTH_ISSUER: setting(line().optional(), {
    about: 'exact iss of access tokens; unset: read from discovery',
    example: 'auth.example.com',
  }),
  FUSIONAUTH_ENTITY_ID: setting(uuid().optional(), {
    about: 'the entity that is the audience of machine tokens (client credentials); unset: none is accepted',
    example: '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e',
  }),
  FUSIONAUTH_CLIENT_SECRET: optionalSecret({
    about:
      'secret of the application, for introspection; needed only if its client authentication policy requires one',
    example: 'the secret of the application',
  }),
  CLOCK_SKEW_SECONDS: setting(integer(0, 30).default(30), {
    about: 'how far the clocks of FusionAuth and this machine may differ, in seconds',
    example: '30',
  }),
  MAX_TOKEN_LIFETIME_SECONDS: setting(integer(1, 86_400).default(3_600), {
    about: 'tokens that are valid for longer are refused',
    example: '3600',
  }),
};

export type JwtConfig = z.output<z.ZodObject<typeof jwtSettings>>;
