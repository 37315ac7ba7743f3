import type { State, UserRecord } from '../state/state.js';

export type Identity = 'email' | 'username';

/** The user with this e-mail address or user name, compared without case, in one tenant or in any. */
export function findUser(
  state: State,
  loginId: string,
  tenantId: string | undefined,
  identities: readonly Identity[] = ['email', 'username'],
): UserRecord | undefined {
  const wanted = loginId.trim().toLowerCase();
  return [...state.users.values()].find(
    (record) =>
      (tenantId === undefined || record.tenantId === tenantId) &&
      identities.some((identity) => record.user[identity]?.toLowerCase() === wanted),
  );
}
