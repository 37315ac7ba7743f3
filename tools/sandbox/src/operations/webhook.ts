import { type Answer, ok } from '../answer.js';
import type { WebhookBody } from '../wire.js';

/** `GET /api/webhook`: none, for the sandbox sends no events and so lets nobody ask for them. */
export const retrieveWebhooks = (): Answer => ok({ webhooks: [] } satisfies WebhookBody);
