import { principalOf } from '../../../../test/support/principal.js';
import { scopeOf } from './access.js';

const owner = { id: 'o1', email: null, timeZone: null };
const principal = (...roles: string[]) => principalOf({ roles });

describe('the scope of an operation', () => {
  it('is everyone for an auditor who reads', () => {
    expect(scopeOf('read', principal('todo-auditor'), owner)).toBe('everyone');
  });

  it('is the caller’s own todos for an auditor who writes', () => {
    const both = principal('todo-reader', 'todo-auditor', 'todo-writer');
    expect(scopeOf('read', both, owner)).toBe('everyone');
    expect(scopeOf('write', both, owner)).toEqual({ ownerId: 'o1' });
  });

  it.each(['todo-reader', 'todo-writer', 'portal-admin', 'todo-auditors'])(
    'is the caller’s own todos for %s',
    (role) => {
      expect(scopeOf('read', principal(role), owner)).toEqual({ ownerId: 'o1' });
      expect(scopeOf('write', principal(role), owner)).toEqual({ ownerId: 'o1' });
    },
  );

  it('is the caller’s own todos for a principal without any role', () => {
    expect(scopeOf('read', principal(), owner)).toEqual({ ownerId: 'o1' });
  });
});
