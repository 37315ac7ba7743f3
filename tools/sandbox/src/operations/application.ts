import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { namedTenant, requireTenant, visible } from '../access/tenant.js';
import { type Answer, invalidField, notImplemented, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { deviceGrant } from '../oauth/device-grant.js';
import type { ApplicationRecord } from '../state/state.js';
import { sameSigningKeys } from '../tokens/claims.js';
import { announce } from '../webhooks/announce.js';
import { publicKeysUpdated } from '../webhooks/happenings.js';
import type { Application, ApplicationBody } from '../wire.js';

type Fields = Application & { name: string };

const requestBody = z.looseObject({ application: z.looseObject({ name: z.string().min(1) }) });
const roleRequest = z.looseObject({
  role: z.looseObject({
    name: z.string().min(1),
    isDefault: z.boolean().default(false),
    isSuperRole: z.boolean().default(false),
  }),
});
const patchRequest = z.looseObject({ application: z.looseObject({}) });

/** `POST /api/application[/{applicationId}]`; the client id is the application's id. */
export function createApplication(request: ApiRequest, instance: Instance): Answer {
  const id = idParam(request, 'applicationId') ?? randomUUID();
  if (instance.state.applications.has(id))
    throw invalidField('applicationId', 'duplicate', 'This application exists.');
  const { application } = readBody(request, requestBody);
  return store(instance, id, requireTenant(request, instance), application);
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
  const now = instance.now();
  const { oauthConfiguration = {}, roles = [], active = true, insertInstant = now } = fields;
  if (oauthConfiguration.authorizedURLValidationPolicy === 'AllowWildcards')
    throw notImplemented('authorizedURLValidationPolicy AllowWildcards');
  if (oauthConfiguration.enabledGrants?.includes(deviceGrant) && !oauthConfiguration.deviceVerificationURL) {
    const field = 'application.oauthConfiguration.deviceVerificationURL';
    throw invalidField(field, 'blank', 'The device grant needs a URL where people type the code.');
  }

  const application: ApplicationRecord = {
    ...fields,
    id,
    tenantId,
    active,
    roles: roles.map((role) => ({ ...role, id: role.id ?? randomUUID() })),
    oauthConfiguration: {
      ...oauthConfiguration,
      clientId: id,
      clientSecret: oauthConfiguration.clientSecret ?? randomBytes(32).toString('base64url'),
    },
    insertInstant,
    lastUpdateInstant: now,
  };
  instance.state.applications.set(id, application);
  return ok({ application } satisfies ApplicationBody);
}
