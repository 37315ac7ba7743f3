import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { namedTenant, requireTenant, visible } from '../access/tenant.js';
import { type Answer, invalidField, ok } from '../answer.js';
import { applicationFields, roleFields } from '../applications/fields.js';
import { applicationRecord } from '../applications/record.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { sameSigningKeys } from '../tokens/claims.js';
import { announce } from '../webhooks/announce.js';
import { publicKeysUpdated } from '../webhooks/happenings.js';
import type { Application, ApplicationBody } from '../wire.js';

type Fields = Application & { name: string };

const requestBody = z.looseObject({ application: applicationFields });
const creation = z.looseObject({
  application: z.looseObject({ name: z.string().min(1) }),
  sourceApplicationId: z.guid().optional(),
});
const roleRequest = z.looseObject({ role: roleFields });
const patchRequest = z.looseObject({ application: z.looseObject({}) });

/** `POST /api/application[/{applicationId}]`, from scratch or as a copy; the client id is the application's id. */
export function createApplication(request: ApiRequest, instance: Instance): Answer {
  const id = idParam(request, 'applicationId') ?? randomUUID();
  if (instance.state.applications.has(id))
    throw invalidField('applicationId', 'duplicate', 'This application exists.');
  const tenantId = requireTenant(request, instance);
  const { application, sourceApplicationId } = readBody(request, creation);
  if (sourceApplicationId !== undefined)
    return store(instance, id, tenantId, copied(request, instance, sourceApplicationId, application.name));
  return store(instance, id, tenantId, readBody(request, requestBody).application);
}

/** All of another application but its name, ids and secret. */
function copied(request: ApiRequest, instance: Instance, sourceId: string, name: string): Fields {
  const source = instance.state.applications.get(sourceId);
  if (!source) throw invalidField('sourceApplicationId', 'invalid', 'There is no such application.');
  const { insertInstant: _then, ...fields } = structuredClone(visible(request, instance, source));
  const { clientSecret: _secret, ...oauthConfiguration } = fields.oauthConfiguration;
  const roles = fields.roles?.map(({ id: _id, ...role }) => role);
  return { ...fields, name, oauthConfiguration, roles };
}

/** `GET /api/application/{applicationId}`, or all without an id. */
export function retrieveApplication(request: ApiRequest, instance: Instance): Answer {
  const { applications } = instance.state;
  const id = idParam(request, 'applicationId');
  if (id !== undefined)
    return ok({ application: visible(request, instance, applications.get(id)) } satisfies ApplicationBody);

  const tenantId = namedTenant(request, instance);
  const seen = [...applications.values()].filter(
    (item) => tenantId === undefined || item.tenantId === tenantId,
  );
  return ok({ applications: seen } satisfies ApplicationBody);
}

/** `PATCH /api/application/{applicationId}`. */
export async function patchApplication(request: ApiRequest, instance: Instance): Promise<Answer> {
  const existing = visible(
    request,
    instance,
    instance.state.applications.get(idParam(request, 'applicationId') ?? ''),
  );
  const application = patched(existing, readBody(request, patchRequest).application, request);
  const wanted = check(requestBody, { application }).application as Fields;
  const happened = sameSigningKeys(existing.jwtConfiguration, wanted.jwtConfiguration)
    ? []
    : publicKeysUpdated(instance, [existing.id]);
  return announce(instance, happened, () => store(instance, existing.id, existing.tenantId, wanted), request);
}

/** `POST /api/application/{applicationId}/role[/{roleId}]`. */
export function createRole(request: ApiRequest, instance: Instance): Answer {
  const application = visible(
    request,
    instance,
    instance.state.applications.get(idParam(request, 'applicationId') ?? ''),
  );
  const { role: wanted } = readBody(request, roleRequest);
  const roles = application.roles ?? [];
  if (roles.some(({ name }) => name === wanted.name))
    throw invalidField('role.name', 'duplicate', 'The application has a role of this name.');
  const role = { ...wanted, id: idParam(request, 'roleId') ?? randomUUID() };
  instance.state.applications.set(application.id, { ...application, roles: [...roles, role] });
  return ok({ role } satisfies ApplicationBody);
}

function store(instance: Instance, id: string, tenantId: string, fields: Fields): Answer {
  const application = applicationRecord(instance, { id, tenantId }, fields);
  instance.state.applications.set(id, application);
  return ok({ application } satisfies ApplicationBody);
}
