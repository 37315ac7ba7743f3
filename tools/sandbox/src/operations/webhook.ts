import { z } from 'zod';
import { invalidField } from '../answer.js';
import type { WebhookRecord } from '../state/state.js';
import { isOnThisMachine } from '../webhooks/post.js';
import { type Change, resourceOperations } from './resource.js';

const id = z.guid().toLowerCase();
const milliseconds = z.int().min(1);

const fields = z.object({
  url: z.url({ protocol: /^https?$/ }),
  connectTimeout: milliseconds,
  readTimeout: milliseconds,
  data: z.looseObject({}).optional(),
  description: z.string().optional(),
  eventsEnabled: z.record(z.string(), z.boolean()).default({}),
  global: z.boolean().default(false),
  headers: z.record(z.string(), z.string()).default({}),
  httpAuthenticationPassword: z.string().optional(),
  httpAuthenticationUsername: z.string().optional(),
  signatureConfiguration: z
    .object({ enabled: z.boolean().default(false), signingKeyId: id.optional() })
    .prefault({}),
  sslCertificate: z.string().optional(),
  sslCertificateKeyId: id.optional(),
  tenantIds: z.array(id).default([]),
});
function save({ instance, stamps }: Change<WebhookRecord>, wanted: z.output<typeof fields>): WebhookRecord {
  const { keys, tenants, webhooks } = instance.state;
  const { enabled, signingKeyId } = wanted.signatureConfiguration;
  if (enabled && signingKeyId === undefined)
    throw invalidField('webhook.signatureConfiguration.signingKeyId', 'missing', 'Signing needs a key.');
  if (signingKeyId !== undefined && !keys.has(signingKeyId))
    throw invalidField('webhook.signatureConfiguration.signingKeyId', 'invalid', 'There is no such key.');
  if (wanted.tenantIds.some((tenantId) => !tenants.has(tenantId)))
    throw invalidField('webhook.tenantIds', 'invalid', 'There is no such tenant.');

  if (!isOnThisMachine(wanted.url)) {
    const message = 'the sandbox will not send to this webhook: it is not on this machine';
    instance.log.warn({ webhookId: stamps.id }, message);
  }
  const webhook = { ...wanted, ...stamps };
  webhooks.set(webhook.id, webhook);
  return webhook;
}

/**
 * `/api/webhook[/{webhookId}]`. The documentation contradicts itself on whether a key of one tenant may manage webhooks.
 * Here it may not, so that nobody relies on it.
 */
export const webhookOperations = resourceOperations({
  path: '/api/webhook',
  one: 'webhook',
  access: 'global-api-key',
  fields,
  all: (_request, { state }) => [...state.webhooks.values()],
  save,
  remove: ({ instance: { state } }, { id }) => state.webhooks.delete(id),
  searchBy: ['description', 'url'],
});
