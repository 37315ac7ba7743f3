import { isExpired } from '../users/log-in.js';
import { actionsAgainst } from '../users/user-actions.js';
import type { World } from '../world.js';
import type { ReadToken } from './read-token.js';
import { sessionById } from './sessions.js';

/** Whether what a token came from still exists: the user, unlocked, and the session; of an entity token the entity. */
export function stillStands(world: World, { kind, claims }: ReadToken): boolean {
  const { sub, sid, aud } = claims;
  const { users, entities } = world.state;
  if (kind === 'entity_token') return entities.has(String(sub));
  const user = users.get(String(sub));
  if (!user?.user.active || isExpired(user, world.now())) return false;
  const applicationId = typeof aud === 'string' ? aud : undefined;
  if (actionsAgainst(world, user.id, applicationId).length > 0) return false;
  return sid === undefined || (typeof sid === 'string' && sessionById(world, sid) !== undefined);
}
