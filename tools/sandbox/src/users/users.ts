import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isTimeZone } from '#gatehouse/platform';
import { invalidField, notFound } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { State, UserRecord } from '../state/state.js';
import { revokedOn, revokeSessions } from '../tokens/sessions.js';
import { announce } from '../webhooks/announce.js';
import { sessionsRevoked } from '../webhooks/events.js';
import type { User } from '../wire.js';
import { brokenRule, hashPassword, type PasswordHash } from './password.js';

export type Identity = 'email' | 'phoneNumber' | 'username';

/** Returns the user with this e-mail address or user name, compared without case, in one tenant or in any. */
export function findUser(
  state: State,
  loginId: string,
  tenantId: string | undefined,
  identities: readonly Identity[] = ['email', 'username'],
): UserRecord | undefined {
  return find([...state.users.values()], loginId, tenantId, identities);
}

function find(
  users: readonly UserRecord[],
  loginId: string,
  tenantId: string | undefined,
  identities: readonly Identity[],
): UserRecord | undefined {
  const wanted = loginId.trim().toLowerCase();
  return users.find(
    (record) =>
      (tenantId === undefined || record.tenantId === tenantId) &&
      identities.some((identity) => record.user[identity]?.toLowerCase() === wanted),
  );
}

/** The fields of a user that the sandbox relies on; all others are stored unchanged. */
export const userFields = z.looseObject({
  birthDate: z.iso.date().optional(),
  // FusionAuth stores it in lower case.
  email: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/, 'is not an e-mail address')
    .toLowerCase()
    .optional(),
  expiry: z.int().optional(),
  password: z.string().optional(),
  phoneNumber: z.string().min(1).optional(),
  timezone: z.string().refine(isTimeZone, 'is not a time zone').optional(),
  username: z.string().min(1).optional(),
  verified: z.boolean().optional(),
}) as unknown as z.ZodType<User>;

/** The values that FusionAuth fills in for fields that a user omits (User API). */
const userDefaults = {
  // FusionAuth's own connector: the user was not fetched from another system.
  connectorId: 'e3306678-a53a-4964-9040-1c96f36dda72',
  data: {},
  passwordChangeRequired: false,
  preferredLanguages: [],
  twoFactor: {},
};

/** A user without a password needs the mail to choose one, which the sandbox does not send. */
export const setPasswordMail = { sendSetPasswordEmail: z.boolean().default(false) };

interface NewUser {
  readonly tenantId: string;
  readonly id: string | undefined;
  readonly fields: User;
  /** Whether the caller requested a mail with which the person chooses a password. */
  readonly sendSetPasswordEmail: boolean;
}

/** Creates the user, with `id` or a generated one. Throws 400 by field. */
export function addUser(
  instance: Instance,
  { tenantId, id, fields, sendSetPasswordEmail }: NewUser,
): Promise<UserRecord> {
  const userId = id ?? randomUUID();
  if (!fields.password && !sendSetPasswordEmail)
    throw invalidField('user.password', 'blank', 'A user needs a password, or sendSetPasswordEmail.');

  return replaceUser(instance, fields, newUser(instance, tenantId, userId));
}

const newUser = (instance: Instance, tenantId: string, id: string): UserRecord => ({
  id,
  tenantId,
  user: {
    id,
    tenantId,
    active: true,
    registrations: [],
    memberships: [],
    insertInstant: instance.now(),
    usernameStatus: 'ACTIVE',
    // While e-mail verification is off in the tenant, FusionAuth counts every address as verified.
    verified: true,
  },
});

/**
 * Returns a user to import from another system, who must differ from those in the state and from `others`, the users of
 * the same import. Does not change the state. Throws 400 by field.
 */
export function importedUser(
  instance: Instance,
  { tenantId, id, fields }: Pick<NewUser, 'tenantId' | 'fields'> & { readonly id: string },
  others: readonly UserRecord[],
): UserRecord {
  const { users } = instance.state;
  if (users.has(id) || others.some((other) => other.id === id))
    throw invalidField('user.id', 'duplicate', `The user ${id} exists.`);
  const existing = newUser(instance, tenantId, id);
  checkIdentity([...users.values(), ...others], fields, existing);
  return {
    ...existing,
    user: { ...userDefaults, ...fields, ...existing.user, verified: fields.verified ?? true },
  };
}

/**
 * Replaces all fields of `existing` that a client may set; those of the server stay as they are when the change is made.
 * A new password revokes sessions by the policy `onPasswordChanged`. An event for them is inferred, not documented: they
 * are revoked like any others. Throws 400 by field, and 404 for a user who is deleted meanwhile.
 */
export async function replaceUser(
  instance: Instance,
  fields: User,
  existing: UserRecord,
  request?: ApiRequest,
): Promise<UserRecord> {
  const { id, tenantId } = existing;
  const { users } = instance.state;
  const isNew = !users.has(id);
  const { password } = fields;
  const hash = password === undefined ? undefined : await hashNew(instance, tenantId, password);
  checkIdentity([...users.values()], fields, existing);
  const revoked = revokedOn('onPasswordChanged', instance, id);
  const events = password === undefined ? [] : sessionsRevoked(instance, revoked, { userId: id });
  const commit = () => {
    const current = users.get(id);
    if (isNew && current) throw invalidField('userId', 'duplicate', 'This user exists.');
    if (!isNew && !current) throw notFound();
    // Others may have taken the address while a receiver answered.
    checkIdentity([...users.values()], fields, existing);
    const record = replaced(instance, current ?? existing, fields, hash);
    users.set(id, record);
    if (password !== undefined) revokeSessions(instance, revoked);
    return record;
  };
  return announce(instance, events, commit, request);
}

function replaced(
  instance: Instance,
  { id, tenantId, password: oldHash, failedLogins, user: before }: UserRecord,
  { password, verified, ...settable }: User,
  newHash: PasswordHash | undefined,
): UserRecord {
  const hash = newHash ?? oldHash;
  return {
    id,
    tenantId,
    ...(hash ? { password: hash } : {}),
    ...(failedLogins ? { failedLogins } : {}),
    user: {
      ...userDefaults,
      ...settable,
      id,
      tenantId,
      active: before.active,
      registrations: before.registrations,
      memberships: before.memberships,
      insertInstant: before.insertInstant,
      lastLoginInstant: before.lastLoginInstant,
      lastUpdateInstant: instance.now(),
      passwordLastUpdateInstant: password === undefined ? before.passwordLastUpdateInstant : instance.now(),
      usernameStatus: before.usernameStatus,
      verified: verified ?? before.verified,
    },
  };
}

function checkIdentity(
  users: readonly UserRecord[],
  { email, phoneNumber, username }: User,
  { id, tenantId }: UserRecord,
): void {
  const identities = { email, phoneNumber, username };
  if (!Object.values(identities).some(Boolean)) {
    const message = 'A user needs an e-mail address, a phone number or a user name.';
    throw invalidField('user.email', 'blank', message);
  }
  for (const name of ['email', 'phoneNumber', 'username'] as const) {
    const value = identities[name];
    const holder = value === undefined ? undefined : find(users, value, tenantId, [name]);
    if (holder && holder.id !== id)
      throw invalidField(`user.${name}`, 'duplicate', `Another user has this ${name}.`);
  }
}

/** Hashes a new password. Throws 400 where it breaks a rule of the tenant, with the code of FusionAuth's themes. */
function hashNew(instance: Instance, tenantId: string, password: string): Promise<PasswordHash> {
  const broken = brokenRule(instance.state.tenants.get(tenantId)?.passwordValidationRules ?? {}, password);
  if (!broken) return hashPassword(password);
  throw invalidField('user.password', broken.code, `A password needs ${broken.needed}.`);
}
