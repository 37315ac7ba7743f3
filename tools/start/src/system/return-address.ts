import { fusionAuthControl } from '#gatehouse/fusionauth/control';
import { Secret } from '#gatehouse/platform';
import { addressesInFusionAuth, type DevCenterConfig } from '../../../../apps/dev-center/src/config.js';
import type { Sandbox } from '../../../sandbox/src/start-sandbox.js';

/**
 * Registers with the sandbox the addresses for the return from log-ins and log-outs and for the approval of devices, where
 * the Dev Center has another port than the kickstart file says.
 */
export async function allowReturn(config: DevCenterConfig, sandbox: Sandbox): Promise<void> {
  const { FUSIONAUTH_TENANT_ID: tenantId, FUSIONAUTH_APPLICATION_ID: applicationId } = config;
  const keyName = 'FUSIONAUTH_MANAGER_KEY';
  const key = new Secret(sandbox.secrets[keyName] ?? '');
  const { setup } = fusionAuthControl({ url: sandbox.url, tenantId, applicationId, key, keyName });
  const application = await setup.application.read();
  const known = application?.['oauthConfiguration'] as Readonly<Record<string, unknown>> & {
    readonly authorizedRedirectURLs: readonly string[];
  };
  const { authorizedRedirectURLs: wanted, ...single } = addressesInFusionAuth(config);
  // FusionAuth appends to the existing addresses.
  const authorizedRedirectURLs = wanted.filter((url) => !known.authorizedRedirectURLs.includes(url));
  const drifted = Object.entries(single).some(([name, url]) => known[name] !== url);
  if (authorizedRedirectURLs.length > 0 || drifted)
    await setup.application.change({ oauthConfiguration: { authorizedRedirectURLs, ...single } });
}
