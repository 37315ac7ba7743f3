import { fusionAuthControl } from '#gatehouse/fusionauth/control';
import { localUrl, Secret } from '#gatehouse/platform';
import type { TodoApiConfig } from '../../../../apps/todo-api/src/config.js';
import type { Sandbox } from '../../../sandbox/src/start-sandbox.js';

/** Ids in the kickstart file; `npm run provision` uses the same ones elsewhere. */
const keyId = '9b1d6c3e-2f47-4a80-b5e9-7c0d3f6a1e28';
const webhookId = '4f8a2d71-6c3b-49e5-8d10-b2e7f5a9c036';

/**
 * Returns the Todo API's configuration. With REVOCATION=push the sandbox sends its webhooks there, and the configuration
 * names the key that signs them. Without it, an existing webhook in the sandbox gets no events.
 */
export async function withWebhooks(config: TodoApiConfig, sandbox: Sandbox): Promise<TodoApiConfig> {
  const { FUSIONAUTH_TENANT_ID: tenantId, FUSIONAUTH_APPLICATION_ID: applicationId } = config;
  const keyName = 'FUSIONAUTH_BOOTSTRAP_KEY';
  const key = new Secret(sandbox.secrets[keyName] ?? '');
  const { setup } = fusionAuthControl({ url: sandbox.url, tenantId, applicationId, key, keyName });
  const [tenant, signingKey] = await Promise.all([setup.tenant.read(), setup.signingKey(keyId).read()]);
  const { events } = tenant?.['eventConfiguration'] as { events: object };
  const eventsEnabled = (on: boolean) => Object.fromEntries(Object.keys(events).map((event) => [event, on]));
  const url = `${localUrl(config.HOST, config.PORT)}/webhooks/fusionauth`;
  const webhook = setup.webhook(webhookId);
  // The data directory may contain it from an earlier start, on another port.
  const known = await webhook.read();
  const isPush = config.REVOCATION === 'push';
  if (known) {
    await webhook.change({ url, eventsEnabled: eventsEnabled(isPush) });
  } else if (isPush) {
    await webhook.make({
      url,
      tenantIds: [tenantId],
      eventsEnabled: eventsEnabled(true),
      signatureConfiguration: { enabled: true, signingKeyId: keyId },
      connectTimeout: 1_000,
      readTimeout: 3_000,
    });
  }
  return isPush ? { ...config, WEBHOOK_KEY_ID: String(signingKey?.['kid']) } : config;
}
