import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { namedTenant, requireTenant, visible } from '../access/tenant.js';
import { empty, ok, type Answer } from '../answer.js';
import { idParam, patched, readBody } from '../body.js';
import { invalidField, notImplemented } from '../errors.js';
import type { ApplicationRecord } from '../state/state.js';
import type { Application, ApplicationBody } from '../wire.js';
import type { Call, World } from '../world.js';

const request = z.looseObject({ application: z.looseObject({ name: z.string().min(1) }) });
const patchRequest = z.looseObject({ application: z.looseObject({}) });

/** `POST /api/application[/{applicationId}]`; the client id is the application's id. */
export function createApplication(call: Call, world: World): Answer {
  const id = idParam(call, 'applicationId') ?? randomUUID();
  if (world.state.applications.has(id))
    throw invalidField('applicationId', 'duplicate', 'This application exists.');
  return store(world, id, requireTenant(call, world), readBody(call, request).application);
}

/** `GET /api/application/{applicationId}`, or all without an id. */
export function retrieveApplication(call: Call, world: World): Answer {
  const id = idParam(call, 'applicationId');
  if (id !== undefined) {
    return ok<ApplicationBody>({ application: visible(call, world, world.state.applications.get(id)) });
  }
  const tenantId = namedTenant(call, world);
  const applications = [...world.state.applications.values()].filter(
    (application) => tenantId === undefined || application.tenantId === tenantId,
  );
  return ok<ApplicationBody>({ applications });
}

/** `PUT /api/application/{applicationId}`. */
export function updateApplication(call: Call, world: World): Answer {
  const existing = existingApplication(call, world);
  return store(world, existing.id, existing.tenantId, readBody(call, request).application, existing);
}

/** `PATCH /api/application/{applicationId}`. */
export function patchApplication(call: Call, world: World): Answer {
  const existing = existingApplication(call, world);
  const application = patched<Application>(existing, readBody(call, patchRequest).application, call);
  return store(world, existing.id, existing.tenantId, application, existing);
}

/** `DELETE /api/application/{applicationId}`: deactivates; `?hardDelete=true` removes it with its registrations. */
export function deleteApplication(call: Call, world: World): Answer {
  const existing = existingApplication(call, world);
  existing.active = false;
  if (call.query.get('hardDelete') !== 'true') return empty(200);
  world.state.applications.delete(existing.id);
  for (const { user } of world.state.users.values()) {
    user.registrations = user.registrations.filter(({ applicationId }) => applicationId !== existing.id);
  }
  return empty(200);
}

function existingApplication(call: Call, world: World): ApplicationRecord {
  return visible(call, world, world.state.applications.get(idParam(call, 'applicationId') ?? ''));
}

function store(
  world: World,
  id: string,
  tenantId: string,
  fields: Application,
  existing?: ApplicationRecord,
): Answer {
  const now = world.now();
  const { oauthConfiguration = {}, roles = [] } = fields;
  if (oauthConfiguration.authorizedURLValidationPolicy === 'AllowWildcards') {
    throw notImplemented('authorizedURLValidationPolicy AllowWildcards');
  }
  const clientSecret = oauthConfiguration.clientSecret ?? existing?.oauthConfiguration.clientSecret;
  const application: ApplicationRecord = {
    ...fields,
    id,
    tenantId,
    name: fields.name ?? '',
    active: existing?.active ?? true,
    roles: roles.map((role) => ({ ...role, id: role.id ?? randomUUID() })),
    oauthConfiguration: {
      ...oauthConfiguration,
      clientId: id,
      clientSecret: clientSecret ?? randomBytes(32).toString('base64url'),
    },
    insertInstant: existing?.insertInstant ?? now,
    lastUpdateInstant: now,
  };
  world.state.applications.set(id, application);
  return ok<ApplicationBody>({ application });
}
