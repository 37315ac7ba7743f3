import { checkSecret, missingSecret, presentedClient, unknownClient } from '../access/client.js';
import { oauthError } from '../answer.js';
import { grantOf } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { EntityRecord } from '../state/state.js';
import { type EntityPermissions, issueEntityToken } from '../tokens/entity-token.js';
import { splitScope } from '../tokens/scope.js';
import type { AccessTokenBody } from '../wire.js';

/** A permission may contain colons itself, as `scim:user:read` does. */
const targetScope = /^target-entity:([0-9a-f-]{36})(?::(.*))?$/i;

/**
 * Issues a token for an entity (RFC 6749 section 4.4), whose secret is always required. The scope names the target
 * entities, `target-entity:{id}[:{permission}[,{permission}]]`; without permissions, the token has all that are
 * granted. Without a scope it has neither an audience nor permissions.
 */
export async function exchangeClientCredentials(
  request: ApiRequest,
  instance: Instance,
): Promise<AccessTokenBody> {
  if (!instance.settings.licensed)
    throw oauthError('not_licensed', 'not_licensed', 'The client credentials grant needs a paid plan.');

  const entity = identifyEntity(request, instance);
  const scope = request.form.get('scope') || undefined;
  const permissions: EntityPermissions = {};
  for (const part of splitScope(scope ?? '')) {
    const [targetId, granted] = granting(instance, entity, part);
    permissions[targetId] = [...new Set([...(permissions[targetId] ?? []), ...granted])];
  }
  const { token, expiresInSeconds } = await issueEntityToken(instance, entity, permissions, scope);
  return { access_token: token, expires_in: expiresInSeconds, scope, token_type: 'Bearer' };
}

function identifyEntity(request: ApiRequest, { state }: Instance): EntityRecord {
  const { id, secret } = presentedClient(request);
  const entity = [...state.entities.values()].find(({ clientId }) => clientId === id);
  if (!entity) throw unknownClient();
  if (secret === null) throw missingSecret();
  checkSecret(secret, entity.clientSecret);
  return entity;
}

/** Returns the target that one part of the scope names, and the permissions granted there. */
function granting({ state }: Instance, { id }: EntityRecord, part: string): [string, string[]] {
  const [, named, wanted] = targetScope.exec(part) ?? [];
  const target = state.entities.get(named?.toLowerCase() ?? '');
  const grant = target && grantOf(state, target.id, { recipientEntityId: id });
  if (!grant) {
    const description = 'The scope names no target entity that this client has a grant for.';
    throw oauthError('invalid_scope', 'invalid_target_entity_scope', description);
  }
  const permissions = wanted === undefined ? grant.permissions : wanted.split(',');
  const others = permissions.filter((permission) => !grant.permissions.includes(permission));
  if (others.length === 0) return [target.id, permissions];
  const description = `The scope names permissions that were not granted: ${others.join(', ')}.`;
  throw oauthError('invalid_scope', 'invalid_entity_permission_scope', description);
}
