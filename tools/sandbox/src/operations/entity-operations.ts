import {
  createEntity,
  deleteEntity,
  patchEntity,
  retrieveEntity,
  searchEntities,
  updateEntity,
} from './entity.js';
import { deleteGrant, retrieveGrant, upsertGrant } from './entity-grant.js';
import {
  createEntityType,
  deleteEntityType,
  patchEntityType,
  retrieveEntityType,
  searchEntityTypes,
  updateEntityType,
} from './entity-type.js';
import { type Operation, operation } from './operation.js';
import { changePermission, createPermission, deletePermission } from './permission.js';

const permissions = '/api/entity/type/:entityTypeId/permission';

export const entityOperations: readonly Operation[] = [
  operation('POST', '/api/entity/:entityId?', 'api-key', createEntity),
  operation('GET', '/api/entity/:entityId', 'api-key', retrieveEntity),
  operation('GET', '/api/entity/search', 'api-key', searchEntities),
  operation('POST', '/api/entity/search', 'api-key', searchEntities),
  operation('PUT', '/api/entity/:entityId', 'api-key', updateEntity),
  operation('PATCH', '/api/entity/:entityId', 'api-key', patchEntity),
  operation('DELETE', '/api/entity/:entityId', 'api-key', deleteEntity),
  operation('POST', '/api/entity/:entityId/grant', 'api-key', upsertGrant),
  operation('GET', '/api/entity/:entityId/grant', 'api-key', retrieveGrant),
  operation('DELETE', '/api/entity/:entityId/grant', 'api-key', deleteGrant),
  operation('POST', '/api/entity/type/:entityTypeId?', 'global-api-key', createEntityType),
  operation('GET', '/api/entity/type/:entityTypeId?', 'global-api-key', retrieveEntityType),
  operation('POST', '/api/entity/type/search', 'global-api-key', searchEntityTypes),
  operation('GET', '/api/entity/type/search', 'global-api-key', searchEntityTypes),
  operation('PUT', '/api/entity/type/:entityTypeId', 'global-api-key', updateEntityType),
  operation('PATCH', '/api/entity/type/:entityTypeId', 'global-api-key', patchEntityType),
  operation('DELETE', '/api/entity/type/:entityTypeId', 'global-api-key', deleteEntityType),
  operation('POST', `${permissions}/:permissionId?`, 'api-key', createPermission),
  operation('PUT', `${permissions}/:permissionId`, 'api-key', changePermission),
  operation('PATCH', `${permissions}/:permissionId`, 'api-key', changePermission),
  operation('DELETE', `${permissions}/:permissionId`, 'api-key', deletePermission),
];
