import { integer, setting } from '#gatehouse/platform';
import { z } from 'zod';

/** The environment of the jwt strategy. */
export const jwtSettings = {
  JWT_VALIDATION: setting(z.enum(['local']).default('local'), {
    about: 'local verifies with the public keys of FusionAuth (JWKS), without asking it on the request path',
    example: 'local',
  }),
  FUSIONAUTH_ISSUER: setting(z.string().optional(), {
    about: 'exact iss of access tokens; unset: read from discovery',
    example: 'auth.example.com',
  }),
  FUSIONAUTH_ENTITY_ID: setting(z.guid().optional(), {
    about: 'the entity that machine tokens (client credentials) are meant for; unset: none is accepted',
    example: '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e',
  }),
  CLOCK_SKEW_SECONDS: setting(integer(0, 30).default(30), {
    about: 'how far the clocks of FusionAuth and this machine may differ',
    example: '30',
  }),
  MAX_TOKEN_LIFETIME_SECONDS: setting(integer(1, 86_400).default(3_600), {
    about: 'tokens that are valid for longer are refused',
    example: '3600',
  }),
};

export type JwtConfig = z.output<z.ZodObject<typeof jwtSettings>>;
