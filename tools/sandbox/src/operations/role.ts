import { roleFields } from '../applications/fields.js';
import { existingApplication } from './application.js';
import { partOperations } from './resource.js';

/** `/api/application/{applicationId}/role[/{roleId}]`; a deleted role is removed from registrations too. */
export const roleOperations = partOperations({
  path: '/api/application/:applicationId/role',
  one: 'role',
  fields: roleFields,
  optional: ['name'],
  retrieval: 'none',
  parent: existingApplication,
  partsOf: ({ roles }) => roles,
  replace: ({ state }, application, roles) =>
    state.applications.set(application.id, { ...application, roles }),
  removed: ({ state }, { id }, role) => {
    for (const { user } of state.users.values()) {
      for (const registration of user.registrations) {
        if (registration.applicationId === id)
          registration.roles = registration.roles.filter((name) => name !== role.name);
      }
    }
  },
});
