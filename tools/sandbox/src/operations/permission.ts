import { existingType, permissionFields } from './entity-type.js';
import { partOperations } from './resource.js';

/** `/api/entity/type/{entityTypeId}/permission[/{permissionId}]`; a deleted permission is removed from grants too. */
export const permissionOperations = partOperations({
  path: '/api/entity/type/:entityTypeId/permission',
  one: 'permission',
  fields: permissionFields,
  optional: ['name', 'isDefault'],
  retrieval: 'none',
  parent: existingType,
  partsOf: ({ permissions }) => permissions,
  replace: ({ state }, entityType, permissions) =>
    state.entityTypes.set(entityType.id, { ...entityType, permissions }),
  removed: ({ state }, { id }, permission) => {
    for (const grant of state.entityGrants.values()) {
      if (state.entities.get(grant.targetId)?.typeId === id)
        grant.permissions = grant.permissions.filter((name) => name !== permission.name);
    }
  },
});
