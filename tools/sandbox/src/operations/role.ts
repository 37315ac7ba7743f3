import { z } from 'zod';
import { type Answer, empty, ok } from '../answer.js';
import { roleFields } from '../applications/fields.js';
import { readBody, readMember, readPatch } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { byId, newId, requireRecord, withItem } from '../records.js';
import type { ApplicationRecord } from '../state/state.js';
import type { ApplicationBody } from '../wire.js';
import { existingApplication } from './application.js';
import { operationsOn } from './operation.js';

type Role = NonNullable<ApplicationRecord['roles']>[number];

const requestBody = z.looseObject({ role: roleFields });

/** `POST /api/application/{applicationId}/role[/{roleId}]`. */
function createRole(request: ApiRequest, instance: Instance): Answer {
  const application = existingApplication(request, instance);
  const id = newId(request, 'roleId', byId(application.roles));
  return store(instance, application, { ...readBody(request, requestBody).role, id });
}

/** `PUT /api/application/{applicationId}/role/{roleId}`; the name stays where none is sent. */
function updateRole(request: ApiRequest, instance: Instance): Answer {
  const application = existingApplication(request, instance);
  const { id, name } = existingRole(request, application);
  const { role } = readMember(request, requestBody, 'role', (sent) => ({ name, ...sent }));
  return store(instance, application, { ...role, id });
}

/** `PATCH /api/application/{applicationId}/role/{roleId}`. */
function patchRole(request: ApiRequest, instance: Instance): Answer {
  const application = existingApplication(request, instance);
  const existing = existingRole(request, application);
  const { role } = readPatch(request, requestBody, 'role', existing);
  return store(instance, application, { ...role, id: existing.id });
}

/** `DELETE /api/application/{applicationId}/role/{roleId}`: removes it from registrations too. */
function deleteRole(request: ApiRequest, instance: Instance): Answer {
  const application = existingApplication(request, instance);
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
  const roles = withItem(application.roles, role, 'role.name');
  instance.state.applications.set(application.id, { ...application, roles });
  return ok({ role } satisfies ApplicationBody);
}

const existingRole = (request: ApiRequest, { roles }: ApplicationRecord): Role =>
  requireRecord(request, 'roleId', byId(roles));

export const roleOperations = operationsOn('/api/application/:applicationId/role', 'roleId', 'api-key', {
  create: createRole,
  update: updateRole,
  patch: patchRole,
  remove: deleteRole,
});
