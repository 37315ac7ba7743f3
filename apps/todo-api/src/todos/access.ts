import type { Principal } from '#gatehouse/auth';
import type { Role } from '#gatehouse/todo-contract';
import type { Owner } from '../owners/owner.repository.js';

/** The todos that an operation may touch; the first argument of every repository method. */
export type Scope = { readonly ownerId: string } | 'everyone';

const auditor: Role = 'todo-auditor';

/**
 * Decides the scope, for every request: an auditor may read everyone's todos; everybody else reads and writes only
 * their own. Todos outside the scope do not exist for the caller (404).
 */
export function scopeOf(action: 'read' | 'write', principal: Principal, owner: Owner): Scope {
  return action === 'read' && principal.roles.includes(auditor) ? 'everyone' : { ownerId: owner.id };
}
