import { z } from 'zod';
import { parseConfig, type Environment } from '#gatehouse/platform';
import type { Issuer } from '../../apps/attack/src/issuer/start-issuer.js';
import type { Validation } from '../../apps/attack/src/target.js';
import { authSettings, type AuthConfig } from '../../libs/auth/src/settings.js';

/** The settings of a guard in front of the issuer; `environment` wins. */
export const guardConfig = (
  { url, target }: Pick<Issuer, 'url' | 'target'>,
  validation: Validation,
  environment: Environment = {},
): AuthConfig =>
  parseConfig(z.object(authSettings), {
    JWT_VALIDATION: validation,
    FUSIONAUTH_URL: url,
    FUSIONAUTH_APPLICATION_ID: target.applicationId,
    FUSIONAUTH_TENANT_ID: target.tenantId,
    FUSIONAUTH_ENTITY_ID: target.entityId,
    FUSIONAUTH_API_KEY: 'any-key-will-do-for-this-issuer',
    FUSIONAUTH_DEADLINE_MS: '5000',
    ...environment,
  });
