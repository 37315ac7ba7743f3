import { readAuthConfig } from '#gatehouse/auth';
import { ownKey } from '../../../measure/src/fusionauth-stand-in.js';

/** The facts about the stand-in for FusionAuth that every target knows. */
export interface IssuerSettings {
  readonly fusionAuthUrl: string;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly issuer: string;
  /** Further configuration of our guard. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Returns the environment of our guard for the issuer of the bench. */
export const environmentFor = (settings: IssuerSettings) => ({
  FUSIONAUTH_URL: settings.fusionAuthUrl,
  FUSIONAUTH_TENANT_ID: settings.tenantId,
  FUSIONAUTH_APPLICATION_ID: settings.applicationId,
  FUSIONAUTH_ISSUER: settings.issuer,
  FUSIONAUTH_API_KEY: ownKey,
  ...settings.environment,
});

export const authConfigOf = (settings: IssuerSettings) => readAuthConfig(environmentFor(settings));
