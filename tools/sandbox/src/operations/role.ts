import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { visible } from '../access/tenant.js';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { roleFields } from '../applications/fields.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { ApplicationRecord } from '../state/state.js';
import type { ApplicationBody } from '../wire.js';

type Role = NonNullable<ApplicationRecord['roles']>[number];

const requestBody = z.looseObject({ role: roleFields });
const patchRequest = z.looseObject({ role: z.looseObject({}) });

/** `POST /api/application/{applicationId}/role[/{roleId}]`. */
export function createRole(request: ApiRequest, instance: Instance): Answer {
  const application = applicationOf(request, instance);
  const id = idParam(request, 'roleId') ?? randomUUID();
  if (application.roles?.some((role) => role.id === id))
    throw invalidField('roleId', 'duplicate', 'This role exists.');
  return store(instance, application, { ...readBody(request, requestBody).role, id });
}

/** `PUT /api/application/{applicationId}/role/{roleId}`; the name stays where none is sent. */
export function updateRole(request: ApiRequest, instance: Instance): Answer {
  const application = applicationOf(request, instance);
  const { id, name } = existingRole(request, application);
  const role = { name, ...readBody(request, patchRequest).role };
  return store(instance, application, { ...check(requestBody, { role }).role, id });
}

/** `PATCH /api/application/{applicationId}/role/{roleId}`. */
export function patchRole(request: ApiRequest, instance: Instance): Answer {
  const application = applicationOf(request, instance);
  const existing = existingRole(request, application);
  const role = patched(existing, readBody(request, patchRequest).role, request);
  return store(instance, application, { ...check(requestBody, { role }).role, id: existing.id });
}

/** `DELETE /api/application/{applicationId}/role/{roleId}`: removes it from registrations too. */
export function deleteRole(request: ApiRequest, instance: Instance): Answer {
  const application = applicationOf(request, instance);
  const removed = existingRole(request, application);
  const { applications, users } = instance.state;
  for (const { user } of users.values()) {
    for (const registration of user.registrations) {
      if (registration.applicationId === application.id)
        registration.roles = registration.roles.filter((name) => name !== removed.name);
    }
  }
  const roles = application.roles?.filter(({ id }) => id !== removed.id) ?? [];
  applications.set(application.id, { ...application, roles });
  return empty(200);
}

function store(instance: Instance, application: ApplicationRecord, role: Role): Answer {
  const roles = application.roles ?? [];
  if (roles.some(({ id, name }) => name === role.name && id !== role.id))
    throw invalidField('role.name', 'duplicate', 'The application has a role of this name.');
  const known = roles.some(({ id }) => id === role.id);
  const changed = known ? roles.map((other) => (other.id === role.id ? role : other)) : [...roles, role];
  instance.state.applications.set(application.id, { ...application, roles: changed });
  return ok({ role } satisfies ApplicationBody);
}

function applicationOf(request: ApiRequest, instance: Instance): ApplicationRecord {
  const id = idParam(request, 'applicationId') ?? '';
  return visible(request, instance, instance.state.applications.get(id));
}

function existingRole(request: ApiRequest, { roles = [] }: ApplicationRecord): Role {
  const wanted = idParam(request, 'roleId');
  const role = roles.find(({ id }) => id === wanted);
  if (!role) throw notFound();
  return role;
}
