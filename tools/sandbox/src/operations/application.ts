import { z } from 'zod';
import { requireTenant, requireVisible, visibleRecords } from '../access/tenant.js';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { applicationFields } from '../applications/fields.js';
import { applicationRecord } from '../applications/record.js';
import { idParam, readBody, readPatch } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { newId } from '../records.js';
import { searchRecords } from '../search.js';
import type { ApplicationRecord } from '../state/state.js';
import { sameSigningKeys } from '../tokens/claims.js';
import { announce } from '../webhooks/announce.js';
import { publicKeysUpdated } from '../webhooks/events.js';
import type { Application, ApplicationBody, OAuthConfigurationBody } from '../wire.js';
import { operation, operationsOn } from './operation.js';

type Fields = Application & { name: string };

const requestBody = z.looseObject({ application: applicationFields });
const creation = z.looseObject({
  application: z.looseObject({ name: z.string().min(1) }),
  sourceApplicationId: z.guid().optional(),
});

/** `POST /api/application[/{applicationId}]`, from scratch or as a copy; the client id is the application's id. */
function createApplication(request: ApiRequest, instance: Instance): Answer {
  const id = newId(request, 'applicationId', instance.state.applications);
  const tenantId = requireTenant(request, instance);
  const { application, sourceApplicationId } = readBody(request, creation);
  if (sourceApplicationId !== undefined)
    return store(instance, id, tenantId, copied(request, instance, sourceApplicationId, application.name));
  return store(instance, id, tenantId, readBody(request, requestBody).application);
}

/** Copies another application, without its name, ids and secret. */
function copied(request: ApiRequest, instance: Instance, sourceId: string, name: string): Fields {
  const source = instance.state.applications.get(sourceId);
  if (!source) throw invalidField('sourceApplicationId', 'invalid', 'There is no such application.');
  const { insertInstant: _then, ...fields } = structuredClone(requireVisible(request, instance, source));
  const { clientSecret: _secret, ...oauthConfiguration } = fields.oauthConfiguration;
  const roles = fields.roles?.map(({ id: _id, ...role }) => role);
  return { ...fields, name, oauthConfiguration, roles };
}

/** `GET /api/application/{applicationId}`; without an id all active ones, or with `?inactive=true` the others. */
function retrieveApplication(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'applicationId') !== undefined)
    return ok({ application: existingApplication(request, instance) } satisfies ApplicationBody);
  const inactive = request.query.get('inactive') === 'true';
  const applications = visibleRecords(request, instance, instance.state.applications).filter(
    ({ active }) => (active === false) === inactive,
  );
  return ok({ applications } satisfies ApplicationBody);
}

/** `POST` and `GET /api/application/search`. */
function searchApplications(request: ApiRequest, instance: Instance): Answer {
  const { page, total } = searchRecords(
    request,
    visibleRecords(request, instance, instance.state.applications),
    ['name', 'state', 'tenantId'],
  );
  return ok({ applications: page, total });
}

/** `GET /api/application/{applicationId}/oauth-configuration`. */
function retrieveOAuthConfiguration(request: ApiRequest, instance: Instance): Answer {
  const { oauthConfiguration } = existingApplication(request, instance);
  return ok({ oauthConfiguration } satisfies OAuthConfigurationBody);
}

/**
 * `PUT /api/application/{applicationId}`: replaces all except roles and scopes, which have operations of their own, and
 * the secret where none is sent. With `?reactivate=true` it only reactivates.
 */
async function updateApplication(request: ApiRequest, instance: Instance): Promise<Answer> {
  const existing = existingApplication(request, instance);
  if (request.query.get('reactivate') === 'true')
    return store(instance, existing.id, existing.tenantId, { ...existing, active: true, state: 'Active' });

  const { application } = readBody(request, requestBody);
  const { roles, scopes, insertInstant } = existing;
  const { clientSecret } = existing.oauthConfiguration;
  const oauthConfiguration = { clientSecret, ...application.oauthConfiguration };
  const wanted = { ...application, roles, scopes, insertInstant, oauthConfiguration } as Fields;
  return change(request, instance, existing, wanted);
}

/** `PATCH /api/application/{applicationId}`. */
async function patchApplication(request: ApiRequest, instance: Instance): Promise<Answer> {
  const existing = existingApplication(request, instance);
  const { application } = readPatch(request, requestBody, 'application', existing);
  return change(request, instance, existing, application);
}

/**
 * `DELETE /api/application/{applicationId}?hardDelete=true`: with its registrations and sessions. Without it the
 * application is deactivated.
 */
function deleteApplication(request: ApiRequest, instance: Instance): Answer {
  const { applications, users, refreshTokens } = instance.state;
  const application = existingApplication(request, instance);
  const { id } = application;
  if (request.query.get('hardDelete') !== 'true') {
    applications.set(id, { ...application, active: false, state: 'Inactive' });
    return empty(200);
  }
  for (const { user } of users.values())
    user.registrations = user.registrations.filter(({ applicationId }) => applicationId !== id);
  for (const [key, { applicationId }] of refreshTokens) if (applicationId === id) refreshTokens.delete(key);
  applications.delete(id);
  return empty(200);
}

function change(
  request: ApiRequest,
  instance: Instance,
  existing: ApplicationRecord,
  wanted: Fields,
): Promise<Answer> {
  const events = sameSigningKeys(existing.jwtConfiguration, wanted.jwtConfiguration)
    ? []
    : publicKeysUpdated(instance, [existing.id]);
  const application = applicationRecord(instance, existing, wanted);
  return announce(instance, events, () => save(instance, application), request);
}

/** Returns the application in the path. Throws 404. */
export function existingApplication(request: ApiRequest, instance: Instance): ApplicationRecord {
  const id = idParam(request, 'applicationId') ?? '';
  return requireVisible(request, instance, instance.state.applications.get(id));
}

const store = (instance: Instance, id: string, tenantId: string, fields: Fields): Answer =>
  save(instance, applicationRecord(instance, { id, tenantId }, fields));

function save({ state }: Instance, application: ApplicationRecord): Answer {
  state.applications.set(application.id, application);
  return ok({ application } satisfies ApplicationBody);
}

export const applicationOperations = [
  ...operationsOn('/api/application', 'applicationId', 'api-key', {
    create: createApplication,
    retrieve: retrieveApplication,
    search: searchApplications,
    update: updateApplication,
    patch: patchApplication,
    remove: deleteApplication,
  }),
  operation(
    'GET',
    '/api/application/:applicationId/oauth-configuration',
    'api-key',
    retrieveOAuthConfiguration,
  ),
];
