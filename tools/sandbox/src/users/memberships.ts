import type { Instance } from '../instance.js';
import type {
  ApplicationRecord,
  GroupRecord,
  RegistrationRecord,
  State,
  UserRecord,
} from '../state/state.js';
import type { Group } from '../wire.js';

/**
 * Returns the roles in a registration's tokens: its own, and those that the groups of the user give for its application
 * (Core Concepts, Groups; fusionauth-issues 1473: the union of the two).
 */
export function rolesOf(
  { state }: Instance,
  { user }: UserRecord,
  { applicationId, roles }: RegistrationRecord,
): string[] {
  const application = state.applications.get(applicationId);
  const given = (user.memberships ?? []).flatMap(({ groupId }) => {
    const group = state.groups.get(groupId ?? '');
    return group && application ? rolesGiven(group, application) : [];
  });
  return [...new Set([...roles, ...given.flatMap(({ name }) => name ?? [])])];
}

const rolesGiven = ({ roleIds = [] }: GroupRecord, { roles = [] }: ApplicationRecord) =>
  roles.filter(({ id }) => id !== undefined && roleIds.includes(id));

/** Returns a group as the API shows it, with its roles by application. */
export function describeGroup({ applications }: State, { roleIds, ...group }: GroupRecord): Group {
  const given = [...applications.values()].map(
    (application) => [application.id, rolesGiven({ ...group, roleIds }, application)] as const,
  );
  return { ...group, roles: Object.fromEntries(given.filter(([, roles]) => roles.length > 0)) };
}

/** Removes users from a group: those that `which` names by membership and user, or all. */
export function leaveGroup(
  { users }: State,
  groupId: string,
  which: (membershipId: string | undefined, userId: string) => boolean = () => true,
): void {
  for (const { id: userId, user } of users.values()) {
    user.memberships = user.memberships?.filter(
      ({ id, groupId: of }) => of !== groupId || !which(id, userId),
    );
  }
}
