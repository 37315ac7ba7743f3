import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isTimeZone } from '#gatehouse/platform';
import { invalidField } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { State, UserRecord } from '../state/state.js';
import { endedOn, revokeSessions } from '../tokens/sessions.js';
import { announce } from '../webhooks/announce.js';
import { sessionsRevoked } from '../webhooks/happenings.js';
import type { User } from '../wire.js';
import { hashPassword } from './password.js';

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
 * Replaces all fields of `existing` that a client may set; those of the server stay. A new password revokes sessions by
 * the policy `onPasswordChanged`. An event for them is inferred, not documented: they are revoked like any others.
 * Throws 400 by field.
 */
export async function replaceUser(
  instance: Instance,
  fields: User,
  existing: UserRecord,
  request?: ApiRequest,
): Promise<UserRecord> {
  checkIdentity([...instance.state.users.values()], fields, existing);
  const { password, verified, ...settable } = fields;
  const { id, tenantId, user: kept } = existing;
  const hash = password === undefined ? existing.password : await hashNew(instance, tenantId, password);
  const record: UserRecord = {
    id,
    tenantId,
    ...(hash ? { password: hash } : {}),
    ...(existing.failedLogins ? { failedLogins: existing.failedLogins } : {}),
    user: {
      ...userDefaults,
      ...settable,
      id,
      tenantId,
      active: kept.active,
      registrations: kept.registrations,
      memberships: kept.memberships,
      insertInstant: kept.insertInstant,
      lastLoginInstant: kept.lastLoginInstant,
      lastUpdateInstant: instance.now(),
      passwordLastUpdateInstant: password === undefined ? kept.passwordLastUpdateInstant : instance.now(),
      usernameStatus: kept.usernameStatus,
      verified: verified ?? kept.verified,
    },
  };
  const ended = endedOn('onPasswordChanged', instance, id);
  const happened = password === undefined ? [] : sessionsRevoked(instance, ended, { userId: id });
  const commit = () => {
    instance.state.users.set(id, record);
    if (password !== undefined) revokeSessions(instance, ended);
    return record;
  };
  return announce(instance, happened, commit, request);
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

function hashNew(instance: Instance, tenantId: string, password: string): ReturnType<typeof hashPassword> {
  const { minLength = 8 } = instance.state.tenants.get(tenantId)?.passwordValidationRules ?? {};
  if (password.length >= minLength) return hashPassword(password);
  const message = `A password needs at least ${minLength} characters.`;
  throw invalidField('user.password', 'tooShort', message);
}
