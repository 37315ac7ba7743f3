import { fusionAuthControl } from '#gatehouse/fusionauth/control';
import { Secret } from '#gatehouse/platform';
import { type DevCenterConfig, redirectUri } from '../../../../apps/dev-center/src/config.js';
import type { Sandbox } from '../../../sandbox/src/start-sandbox.js';

/** Tells the sandbox where log-ins return to, where the Dev Center has another port than the kickstart file says. */
export async function allowReturn(config: DevCenterConfig, sandbox: Sandbox): Promise<void> {
  const { FUSIONAUTH_TENANT_ID: tenantId, FUSIONAUTH_APPLICATION_ID: applicationId } = config;
  const keyName = 'FUSIONAUTH_MANAGER_KEY';
  const key = new Secret(sandbox.secrets[keyName] ?? '');
  const { setup } = fusionAuthControl({ url: sandbox.url, tenantId, applicationId, key, keyName });
  const application = await setup.application.read();
  const { authorizedRedirectURLs: known } = application?.['oauthConfiguration'] as {
    authorizedRedirectURLs: readonly string[];
  };
  const wanted = redirectUri(config);
  // FusionAuth appends to the addresses that are there.
  if (!known.includes(wanted))
    await setup.application.change({ oauthConfiguration: { authorizedRedirectURLs: [wanted] } });
}
