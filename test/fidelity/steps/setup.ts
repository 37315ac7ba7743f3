import type { Step } from '../step.js';
import { absentId, applicationId, everything, lockActionId, manager, signingKeyId, tenantId } from './ids.js';

/** The calls with which provisioning reads before it changes anything. */
export const setup: Step[] = [
  { title: 'the tenant', request: `GET /api/tenant/${tenantId}`, authorization: manager, status: 200 },
  {
    title: 'the signing key',
    request: `GET /api/key/${signingKeyId}`,
    authorization: everything,
    status: 200,
  },
  { title: 'an absent key', request: `GET /api/key/${absentId}`, authorization: everything, status: 404 },
  {
    title: 'the signing key, with a key of one tenant',
    request: `GET /api/key/${signingKeyId}`,
    authorization: manager,
    status: 401,
  },
  {
    title: 'the user action',
    request: `GET /api/user-action/${lockActionId}`,
    authorization: everything,
    status: 200,
  },
  {
    title: 'a role that is there already',
    request: `POST /api/application/${applicationId}/role`,
    authorization: manager,
    json: { role: { name: 'todo-reader' } },
    status: 400,
  },
];
