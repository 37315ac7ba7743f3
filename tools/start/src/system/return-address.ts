import { type FusionAuthControl, fusionAuthControl } from '#gatehouse/fusionauth/control';
import { Secret } from '#gatehouse/platform';
import { addressesInFusionAuth, type DevCenterConfig } from '../../../../apps/dev-center/src/config.js';
import type { Sandbox } from '../../../sandbox/src/start-sandbox.js';

/**
 * Registers with the sandbox the addresses for the return from log-ins and log-outs and for the approval of devices, where
 * the Dev Center has another port than the kickstart file says, and allows the todo page to call the sandbox.
 */
export async function allowReturn(config: DevCenterConfig, sandbox: Sandbox): Promise<void> {
  const { FUSIONAUTH_TENANT_ID: tenantId, FUSIONAUTH_APPLICATION_ID: applicationId } = config;
  const keyName = 'FUSIONAUTH_BOOTSTRAP_KEY';
  const key = new Secret(sandbox.secrets[keyName] ?? '');
  const { setup } = fusionAuthControl({ url: sandbox.url, tenantId, applicationId, key, keyName });
  const application = await setup.application.read();
  const known = application?.['oauthConfiguration'] as Readonly<Record<string, unknown>> & {
    readonly authorizedRedirectURLs: readonly string[];
  };
  const { authorizedRedirectURLs: wanted, ...single } = addressesInFusionAuth(config);
  const authorizedRedirectURLs = lacking(known.authorizedRedirectURLs, wanted);
  const drifted = Object.entries(single).some(([name, url]) => known[name] !== url);
  if (authorizedRedirectURLs.length > 0 || drifted)
    await setup.application.change({ oauthConfiguration: { authorizedRedirectURLs, ...single } });
  await allowCalls(setup, config.PUBLIC_URL);
}

async function allowCalls(
  { systemConfiguration }: FusionAuthControl['setup'],
  origin: string,
): Promise<void> {
  const found = await systemConfiguration.read();
  const cors = found?.['corsConfiguration'] as Readonly<Record<string, readonly string[]>>;
  const allowedOrigins = lacking(cors['allowedOrigins'], [origin]);
  const allowedMethods = lacking(cors['allowedMethods'], ['POST']);
  if (allowedOrigins.length === 0 && allowedMethods.length === 0) return;
  await systemConfiguration.change({
    corsConfiguration: { enabled: true, allowCredentials: true, allowedOrigins, allowedMethods },
  });
}

/** Returns what is missing: FusionAuth appends to the existing lists. */
const lacking = (there: readonly string[] = [], wanted: readonly string[]): string[] =>
  wanted.filter((one) => !there.includes(one));
