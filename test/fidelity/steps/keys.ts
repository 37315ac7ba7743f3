import type { Step } from '../step.js';
import { absentId, applicationId, everything, manager, narrow, probeGroupId, tenantId } from './ids.js';

export const keysAndGroups: Step[] = [
  {
    title: 'the probe group',
    request: `GET /api/group/${probeGroupId}`,
    authorization: narrow,
    status: 200,
  },
  { title: 'an absent group', request: `GET /api/group/${absentId}`, authorization: narrow, status: 404 },
  {
    title: 'a group, with an unknown key',
    request: `GET /api/group/${probeGroupId}`,
    authorization: 'unknown-{run}',
    status: 401,
  },
  {
    title: 'an API key for the probe alone',
    request: 'POST /api/api-key/{key}',
    authorization: manager,
    json: {
      apiKey: {
        tenantId,
        permissions: { endpoints: { '/api/group': ['GET'] } },
        metaData: { attributes: { description: 'Fidelity {run}' } },
      },
    },
    status: 200,
  },
  { title: 'an API key by id', request: 'GET /api/api-key/{key}', authorization: manager, status: 200 },
  {
    title: 'an API key, asked for by a key that is not a manager',
    request: 'GET /api/api-key/{key}',
    authorization: narrow,
    status: 401,
  },
  {
    title: 'an API key is deleted',
    request: 'DELETE /api/api-key/{key}',
    authorization: manager,
    status: 200,
  },
  {
    title: 'the application',
    request: `GET /api/application/${applicationId}`,
    authorization: everything,
    status: 200,
  },
];
