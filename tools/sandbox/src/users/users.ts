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

/** The fields of a user that the sandbox itself relies on; the others are kept as they come. */
export const userFields = z.looseObject({
  email: z.email().optional(),
  username: z.string().min(1).optional(),
  password: z.string().optional(),
  timezone: z.string().refine(isTimeZone, 'is no time zone').optional(),
  verified: z.boolean().optional(),
  expiry: z.number().int().optional(),
}) as unknown as z.ZodType<User>;

const minimumPasswordLength = 8;

/** Creates the user, with `id` or one of its own. Throws 400 by field. */
export function addUser(
  instance: Instance,
  tenantId: string,
  id: string | undefined,
  fields: User,
): Promise<UserRecord> {
  const userId = id ?? randomUUID();
  return replaceUser(instance, fields, {
    id: userId,
    tenantId,
    user: {
      id: userId,
      active: true,
      registrations: [],
      memberships: [],
      insertInstant: instance.now(),
      usernameStatus: 'ACTIVE',
      // Without e-mail verification switched on in the tenant FusionAuth counts every address as verified.
      verified: true,
    },
  });
}

/**
 * Replaces all that a client may set of `existing`; what the server keeps stays. A new password ends sessions by the
 * policy `onPasswordChanged`. That an event follows is inferred from the sessions being revoked like any others.
 * Throws 400 by field.
 */
export async function replaceUser(
  instance: Instance,
  fields: User,
  existing: UserRecord,
  request?: ApiRequest,
): Promise<UserRecord> {
  checkIdentity(instance, fields, existing);
  const { password, verified, ...settable } = fields;
  const { id, tenantId, user: kept } = existing;
  const hash = password === undefined ? existing.password : await hashNew(password);
  const record: UserRecord = {
    id,
    tenantId,
    ...(hash ? { password: hash } : {}),
    ...(existing.failedLogins ? { failedLogins: existing.failedLogins } : {}),
    user: {
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

function checkIdentity(instance: Instance, { email, username }: User, { id, tenantId }: UserRecord): void {
  if (!email && !username)
    throw invalidField('user.email', 'blank', 'A user needs an e-mail address or a user name.');

  const identities = { email, username };
  for (const name of ['email', 'username'] as const) {
    const value = identities[name];
    const holder = value === undefined ? undefined : findUser(instance.state, value, tenantId, [name]);
    if (holder && holder.id !== id)
      throw invalidField(`user.${name}`, 'duplicate', `Another user has this ${name}.`);
  }
}

function hashNew(password: string): ReturnType<typeof hashPassword> {
  if (password.length >= minimumPasswordLength) return hashPassword(password);
  const message = `A password has at least ${minimumPasswordLength} characters.`;
  throw invalidField('user.password', 'tooShort', message);
}
