import { readAuthConfig } from '#gatehouse/auth';
import type { GuardSettings } from './guard-under-test.js';

/** The configuration of our guard for the issuer of the bench. */
export const configOf = (settings: Omit<GuardSettings, 'guard'>) =>
  readAuthConfig({
    FUSIONAUTH_URL: settings.fusionAuthUrl,
    FUSIONAUTH_TENANT_ID: settings.tenantId,
    FUSIONAUTH_APPLICATION_ID: settings.applicationId,
    FUSIONAUTH_ISSUER: settings.issuer,
    FUSIONAUTH_API_KEY: 'our-own-narrow-key',
    ...settings.environment,
  });
