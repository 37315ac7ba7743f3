import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { searched } from '../search.js';
import type { WebhookRecord } from '../state/state.js';
import { isOnThisMachine } from '../webhooks/post.js';
import type { WebhookBody } from '../wire.js';

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
const patchRequest = z.looseObject({ webhook: z.looseObject({}) });

/**
 * `POST /api/webhook[/{webhookId}]`. The documentation contradicts itself on whether a key of one tenant may manage
 * webhooks. Here it may not, so that nobody relies on it.
 */
export function createWebhook(request: ApiRequest, instance: Instance): Answer {
  const webhookId = idParam(request, 'webhookId') ?? randomUUID();
  if (instance.state.webhooks.has(webhookId))
    throw invalidField('webhookId', 'duplicate', 'This webhook exists.');
  return store(instance, webhookId, readBody(request, requestBody).webhook);
}

/** `GET /api/webhook/{webhookId}`, or all without an id. */
export function retrieveWebhook(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'webhookId') === undefined)
    return ok({ webhooks: [...instance.state.webhooks.values()] } satisfies WebhookBody);
  return ok({ webhook: existingWebhook(request, instance) } satisfies WebhookBody);
}

/** `POST` and `GET /api/webhook/search`. */
export function searchWebhooks(request: ApiRequest, { state }: Instance): Answer {
  const { page, total } = searched(request, [...state.webhooks.values()], ['description', 'url']);
  return ok({ webhooks: page, total });
}

/** `PUT /api/webhook/{webhookId}`. */
export function updateWebhook(request: ApiRequest, instance: Instance): Answer {
  const existing = existingWebhook(request, instance);
  return store(instance, existing.id, readBody(request, requestBody).webhook, existing);
}

/** `PATCH /api/webhook/{webhookId}`. */
export function patchWebhook(request: ApiRequest, instance: Instance): Answer {
  const existing = existingWebhook(request, instance);
  const webhook = patched(existing, readBody(request, patchRequest).webhook, request);
  return store(instance, existing.id, check(requestBody, { webhook }).webhook, existing);
}

/** `DELETE /api/webhook/{webhookId}`. */
export function deleteWebhook(request: ApiRequest, instance: Instance): Answer {
  instance.state.webhooks.delete(existingWebhook(request, instance).id);
  return empty(200);
}

function existingWebhook(request: ApiRequest, { state }: Instance): WebhookRecord {
  const webhook = state.webhooks.get(idParam(request, 'webhookId') ?? '');
  if (!webhook) throw notFound();
  return webhook;
}

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
