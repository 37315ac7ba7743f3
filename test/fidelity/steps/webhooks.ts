import type { Step } from '../step.js';
import { absentId, everything, manager, tenantId } from './ids.js';

/** A webhook without enabled events, which gets none. */
export const webhooks: Step[] = [
  {
    title: 'a webhook is made',
    request: 'POST /api/webhook/{webhook}',
    authorization: everything,
    json: {
      webhook: {
        url: 'http://127.0.0.1:9/{run}',
        description: 'Fidelity {run}',
        connectTimeout: 1000,
        readTimeout: 2000,
        tenantIds: [tenantId],
        headers: { 'X-Fidelity': '{run}' },
      },
    },
    status: 200,
  },
  {
    title: 'a webhook without time-outs',
    request: 'POST /api/webhook',
    authorization: everything,
    json: { webhook: { url: 'http://127.0.0.1:9/{run}/other' } },
    status: 400,
  },
  { title: 'a webhook', request: 'GET /api/webhook/{webhook}', authorization: everything, status: 200 },
  { title: 'all webhooks', request: 'GET /api/webhook', authorization: everything, status: 200 },
  {
    title: 'a webhook, with a key of one tenant that may not',
    request: 'GET /api/webhook/{webhook}',
    authorization: manager,
    status: 401,
  },
  {
    title: 'a webhook is patched',
    request: 'PATCH /api/webhook/{webhook}',
    authorization: everything,
    json: { webhook: { readTimeout: 3000 } },
    status: 200,
  },
  {
    title: 'an absent webhook',
    request: `GET /api/webhook/${absentId}`,
    authorization: everything,
    status: 404,
  },
  {
    title: 'a webhook is deleted',
    request: 'DELETE /api/webhook/{webhook}',
    authorization: everything,
    status: 200,
  },
];
