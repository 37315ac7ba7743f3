import { randomUUID } from 'node:crypto';
import { invalidField } from '../errors.js';
import type { UserRecord } from '../state/state.js';
import type { User } from '../wire.js';
import type { World } from '../world.js';
import { findUser } from './find-user.js';
import { hashPassword } from './password.js';

const minimumPasswordLength = 8;

/** Fields that only the server sets. */
const ownFields = [
  'id',
  'tenantId',
  'active',
  'registrations',
  'memberships',
  'identities',
  'password',
] as const;

/** Creates the user, or replaces all that a client may set of `existing`. Throws 400 by field. */
export async function writeUser(
  world: World,
  tenantId: string,
  id: string | undefined,
  fields: User,
  existing?: UserRecord,
): Promise<UserRecord> {
  checkIdentity(world, tenantId, fields, existing);
  const now = world.now();
  const password = await newPassword(fields.password, existing);
  const record: UserRecord = {
    id: existing?.id ?? id ?? randomUUID(),
    tenantId,
    ...(password ? { password } : {}),
    user: {
      ...withoutOwnFields(fields),
      id: existing?.id ?? id ?? '',
      tenantId,
      active: existing?.user.active ?? true,
      registrations: existing?.user.registrations ?? [],
      memberships: existing?.user.memberships ?? [],
      insertInstant: existing?.user.insertInstant ?? now,
      lastUpdateInstant: now,
      passwordLastUpdateInstant:
        fields.password === undefined ? existing?.user.passwordLastUpdateInstant : now,
      passwordChangeRequired: fields.passwordChangeRequired ?? false,
      usernameStatus: 'ACTIVE',
      // Without e-mail verification switched on in the tenant FusionAuth counts every address as verified.
      verified: fields.verified ?? existing?.user.verified ?? true,
    },
  };
  record.user.id = record.id;
  world.state.users.set(record.id, record);
  return record;
}

function withoutOwnFields(fields: User): User {
  const rest = { ...fields };
  for (const name of ownFields) delete rest[name];
  return rest;
}

function checkIdentity(
  world: World,
  tenantId: string,
  { email, username }: User,
  existing?: UserRecord,
): void {
  if (!email && !username) {
    throw invalidField('user.email', 'blank', 'A user needs an e-mail address or a user name.');
  }
  for (const [name, value] of Object.entries({ email, username })) {
    const holder = value && findUser(world.state, value, tenantId, [name as 'email' | 'username']);
    if (holder && holder.id !== existing?.id) {
      throw invalidField(`user.${name}`, 'duplicate', `Another user has this ${name}.`);
    }
  }
}

async function newPassword(
  password: string | undefined,
  existing?: UserRecord,
): Promise<UserRecord['password']> {
  if (password === undefined) return existing?.password;
  if (password.length < minimumPasswordLength) {
    const message = `A password has at least ${minimumPasswordLength} characters.`;
    throw invalidField('user.password', 'tooShort', message);
  }
  return hashPassword(password);
}
