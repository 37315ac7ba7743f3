import { fusionAuthControl } from '#gatehouse/fusionauth/control';
import { Secret } from '#gatehouse/platform';
import { type DevCenterConfig, redirectUri } from '../../../../apps/dev-center/src/config.js';
import type { Sandbox } from '../../../sandbox/src/start-sandbox.js';

/**
 * Registers the addresses for the return from log-ins and log-outs with the sandbox, where the Dev Center has another
 * port than the kickstart file says.
 */
export async function allowReturn(config: DevCenterConfig, sandbox: Sandbox): Promise<void> {
  const { FUSIONAUTH_TENANT_ID: tenantId, FUSIONAUTH_APPLICATION_ID: applicationId } = config;
  const keyName = 'FUSIONAUTH_MANAGER_KEY';
  const key = new Secret(sandbox.secrets[keyName] ?? '');
  const { setup } = fusionAuthControl({ url: sandbox.url, tenantId, applicationId, key, keyName });
  const application = await setup.application.read();
  const known = application?.['oauthConfiguration'] as {
    readonly authorizedRedirectURLs: readonly string[];
    readonly logoutURL: string;
  };
  const [wanted, logoutURL] = [redirectUri(config), `${config.PUBLIC_URL}/`];
  // FusionAuth appends to the existing addresses.
  const authorizedRedirectURLs = known.authorizedRedirectURLs.includes(wanted) ? [] : [wanted];
  if (authorizedRedirectURLs.length > 0 || known.logoutURL !== logoutURL)
    await setup.application.change({ oauthConfiguration: { authorizedRedirectURLs, logoutURL } });
}
