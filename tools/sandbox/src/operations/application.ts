import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { namedTenant, requireTenant, visible } from '../access/tenant.js';
import { type Answer, invalidField, notImplemented, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApplicationRecord } from '../state/state.js';
import type { Application, ApplicationBody } from '../wire.js';
import type { Call, World } from '../world.js';

type Fields = Application & { name: string };

const request = z.looseObject({ application: z.looseObject({ name: z.string().min(1) }) });
const roleRequest = z.looseObject({
  role: z.looseObject({
    name: z.string().min(1),
    isDefault: z.boolean().default(false),
    isSuperRole: z.boolean().default(false),
  }),
});
const patchRequest = z.looseObject({ application: z.looseObject({}) });

/** `POST /api/application[/{applicationId}]`; the client id is the application's id. */
export function createApplication(call: Call, world: World): Answer {
  const id = idParam(call, 'applicationId') ?? randomUUID();
  if (world.state.applications.has(id))
    throw invalidField('applicationId', 'duplicate', 'This application exists.');
  const { application } = readBody(call, request);
  return store(world, id, requireTenant(call, world), application);
}

/** `GET /api/application/{applicationId}`, or all without an id. */
export function retrieveApplication(call: Call, world: World): Answer {
  const { applications } = world.state;
  const id = idParam(call, 'applicationId');
  if (id !== undefined)
    return ok({ application: visible(call, world, applications.get(id)) } satisfies ApplicationBody);

  const tenantId = namedTenant(call, world);
  const seen = [...applications.values()].filter(
    (item) => tenantId === undefined || item.tenantId === tenantId,
  );
  return ok({ applications: seen } satisfies ApplicationBody);
}

/** `PATCH /api/application/{applicationId}`. */
export function patchApplication(call: Call, world: World): Answer {
  const existing = visible(call, world, world.state.applications.get(idParam(call, 'applicationId') ?? ''));
  const application = patched(existing, readBody(call, patchRequest).application, call);
  return store(world, existing.id, existing.tenantId, check(request, { application }).application);
}

/** `POST /api/application/{applicationId}/role[/{roleId}]`. */
export function createRole(call: Call, world: World): Answer {
  const application = visible(
    call,
    world,
    world.state.applications.get(idParam(call, 'applicationId') ?? ''),
  );
  const { role: wanted } = readBody(call, roleRequest);
  const roles = application.roles ?? [];
  if (roles.some(({ name }) => name === wanted.name))
    throw invalidField('role.name', 'duplicate', 'The application has a role of this name.');
  const role = { ...wanted, id: idParam(call, 'roleId') ?? randomUUID() };
  world.state.applications.set(application.id, { ...application, roles: [...roles, role] });
  return ok({ role } satisfies ApplicationBody);
}

function store(world: World, id: string, tenantId: string, fields: Fields): Answer {
  const now = world.now();
  const { oauthConfiguration = {}, roles = [], active = true, insertInstant = now } = fields;
  if (oauthConfiguration.authorizedURLValidationPolicy === 'AllowWildcards')
    throw notImplemented('authorizedURLValidationPolicy AllowWildcards');

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
  world.state.applications.set(id, application);
  return ok({ application } satisfies ApplicationBody);
}
