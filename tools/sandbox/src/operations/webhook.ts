import { z } from 'zod';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { idParam, readBody, readPatch } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { newId, requireRecord } from '../records.js';
import { searchRecords } from '../search.js';
import type { WebhookRecord } from '../state/state.js';
import { isOnThisMachine } from '../webhooks/post.js';
import type { WebhookBody } from '../wire.js';
import { operationsOn } from './operation.js';

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
const requestBody = z.looseObject({ webhook: fields });

/**
 * `POST /api/webhook[/{webhookId}]`. The documentation contradicts itself on whether a key of one tenant may manage
 * webhooks. Here it may not, so that nobody relies on it.
 */
function createWebhook(request: ApiRequest, instance: Instance): Answer {
  const webhookId = newId(request, 'webhookId', instance.state.webhooks);
  return store(instance, webhookId, readBody(request, requestBody).webhook);
}

/** `GET /api/webhook/{webhookId}`, or all without an id. */
function retrieveWebhook(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'webhookId') === undefined)
    return ok({ webhooks: [...instance.state.webhooks.values()] } satisfies WebhookBody);
  return ok({ webhook: existingWebhook(request, instance) } satisfies WebhookBody);
}

/** `POST` and `GET /api/webhook/search`. */
function searchWebhooks(request: ApiRequest, { state }: Instance): Answer {
  const { page, total } = searchRecords(request, [...state.webhooks.values()], ['description', 'url']);
  return ok({ webhooks: page, total });
}

/** `PUT /api/webhook/{webhookId}`. */
function updateWebhook(request: ApiRequest, instance: Instance): Answer {
  const existing = existingWebhook(request, instance);
  return store(instance, existing.id, readBody(request, requestBody).webhook, existing);
}

/** `PATCH /api/webhook/{webhookId}`. */
function patchWebhook(request: ApiRequest, instance: Instance): Answer {
  const existing = existingWebhook(request, instance);
  const { webhook } = readPatch(request, requestBody, 'webhook', existing);
  return store(instance, existing.id, webhook, existing);
}

/** `DELETE /api/webhook/{webhookId}`. */
function deleteWebhook(request: ApiRequest, instance: Instance): Answer {
  instance.state.webhooks.delete(existingWebhook(request, instance).id);
  return empty(200);
}

const existingWebhook = (request: ApiRequest, { state }: Instance): WebhookRecord =>
  requireRecord(request, 'webhookId', state.webhooks);

function store(
  instance: Instance,
  webhookId: string,
  wanted: z.output<typeof fields>,
  existing?: WebhookRecord,
): Answer {
  const { keys, tenants, webhooks } = instance.state;
  const { enabled, signingKeyId } = wanted.signatureConfiguration;
  if (enabled && signingKeyId === undefined)
    throw invalidField('webhook.signatureConfiguration.signingKeyId', 'missing', 'Signing needs a key.');
  if (signingKeyId !== undefined && !keys.has(signingKeyId))
    throw invalidField('webhook.signatureConfiguration.signingKeyId', 'invalid', 'There is no such key.');
  if (wanted.tenantIds.some((tenantId) => !tenants.has(tenantId)))
    throw invalidField('webhook.tenantIds', 'invalid', 'There is no such tenant.');

  if (!isOnThisMachine(wanted.url))
    instance.log.warn({ webhookId }, 'the sandbox will not send to this webhook: it is not on this machine');

  const now = instance.now();
  const times = { insertInstant: existing?.insertInstant ?? now, lastUpdateInstant: now };
  const webhook: WebhookRecord = { ...wanted, id: webhookId, ...times };
  webhooks.set(webhookId, webhook);
  return ok({ webhook } satisfies WebhookBody);
}

export const webhookOperations = operationsOn('/api/webhook', 'webhookId', 'global-api-key', {
  create: createWebhook,
  retrieve: retrieveWebhook,
  search: searchWebhooks,
  update: updateWebhook,
  patch: patchWebhook,
  remove: deleteWebhook,
});
