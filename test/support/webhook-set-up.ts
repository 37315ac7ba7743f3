import { webhookEventTypes } from '#gatehouse/fusionauth';
import { tenantId } from '../../tools/issuer/src/token-minter.js';
import type { Sandbox } from '../../tools/sandbox/src/start-sandbox.js';

/** Ids of the kickstart file; `npm run provision` uses the same. */
const webhookKeyId = '9b1d6c3e-2f47-4a80-b5e9-7c0d3f6a1e28';

async function admin(sandbox: Sandbox, method: string, path: string, body?: object): Promise<object> {
  const answer = await fetch(sandbox.url + path, {
    method,
    headers: {
      authorization: sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'] ?? '',
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as object;
}

/** Returns the settings with which the Todo API accepts FusionAuth's webhooks. */
export async function pushSettings(sandbox: Sandbox) {
  const { key } = (await admin(sandbox, 'GET', `/api/key/${webhookKeyId}`)) as { key: { kid: string } };
  return { REVOCATION: 'push', WEBHOOK_KEY_ID: key.kid };
}

/** Makes FusionAuth send our tenant's events, signed, to the API at `url`. */
export const sendWebhooksTo = (sandbox: Sandbox, url: string): Promise<object> =>
  admin(sandbox, 'POST', '/api/webhook', {
    webhook: {
      url: `${url}/webhooks/fusionauth`,
      tenantIds: [tenantId],
      connectTimeout: 2_000,
      readTimeout: 5_000,
      eventsEnabled: Object.fromEntries(webhookEventTypes.map((event) => [event, true])),
      signatureConfiguration: { enabled: true, signingKeyId: webhookKeyId },
    },
  });
