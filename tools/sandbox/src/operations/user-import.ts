import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { requireTenant } from '../access/tenant.js';
import { type Answer, empty, invalidField } from '../answer.js';
import { check, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { RegistrationRecord, UserRecord } from '../state/state.js';
import { hashPassword, type PasswordHash } from '../users/password.js';
import { importedUser, userFields } from '../users/users.js';

const hashing = {
  encryptionScheme: z.string().min(1).optional(),
  factor: z.int().min(1).optional(),
};
const registration = z.looseObject({
  applicationId: z.guid(),
  id: z.guid().optional(),
  roles: z.array(z.string()).default([]),
});
const user = z.looseObject({
  ...hashing,
  id: z.guid().optional(),
  password: z.string().min(1).optional(),
  salt: z.string().optional(),
  active: z.boolean().default(true),
  registrations: z.array(registration).default([]),
});
const requestBody = z.looseObject({ ...hashing, users: z.array(user).min(1) });

const oneUser = z.looseObject({ user: userFields });

type Imported = z.output<typeof user>;

/** `POST /api/user/import`: imports many users, with passwords in clear or hashed elsewhere; all of them or none. */
export async function importUsers(request: ApiRequest, instance: Instance): Promise<Answer> {
  const tenantId = requireTenant(request, instance);
  const { users, encryptionScheme, factor } = readBody(request, requestBody);
  const hashes = await Promise.all(
    users.map(({ password, salt, encryptionScheme: scheme = encryptionScheme, factor: rounds = factor }) =>
      hashOf(password, { scheme, salt, rounds }),
    ),
  );
  const records: UserRecord[] = [];
  for (const [index, wanted] of users.entries()) {
    checkRegistrations(instance, tenantId, wanted, index);
    const {
      password: _password,
      salt: _salt,
      encryptionScheme: _scheme,
      factor: _factor,
      ...fields
    } = wanted;
    const id = wanted.id ?? randomUUID();
    const record = importedUser(
      instance,
      { tenantId, id, fields: check(oneUser, { user: fields }).user },
      records,
    );
    record.user.active = wanted.active;
    record.user.registrations = wanted.registrations.map((item) => registered(instance, item));
    const hash = hashes[index];
    records.push(hash === undefined ? record : { ...record, password: hash });
  }
  for (const record of records) instance.state.users.set(record.id, record);
  return empty(200);
}

function checkRegistrations(
  { state }: Instance,
  tenantId: string,
  { registrations }: Imported,
  index: number,
): void {
  for (const [position, { applicationId, roles }] of registrations.entries()) {
    const field = `users[${index}].registrations[${position}]`;
    const application = state.applications.get(applicationId);
    if (application?.tenantId !== tenantId)
      throw invalidField(`${field}.applicationId`, 'invalid', 'There is no such application.');
    const unknown = roles.find((role) => !application.roles?.some(({ name }) => name === role));
    if (unknown !== undefined)
      throw invalidField(`${field}.roles`, 'invalid', `The application has no role ${unknown}.`);
  }
}

const registered = (instance: Instance, item: z.output<typeof registration>): RegistrationRecord => ({
  insertInstant: instance.now(),
  lastUpdateInstant: instance.now(),
  usernameStatus: 'ACTIVE',
  verified: true,
  ...item,
  id: item.id ?? randomUUID(),
});

interface Hashing {
  readonly scheme: string | undefined;
  readonly salt: string | undefined;
  readonly rounds: number | undefined;
}

/** Returns the stored hash. Without a scheme `password` is the password itself; with one it is its hash. */
async function hashOf(
  password: string | undefined,
  { scheme, salt = '', rounds }: Hashing,
): Promise<PasswordHash | undefined> {
  if (password === undefined) return undefined;
  if (scheme === undefined) return hashPassword(password);
  return { salt, hash: password, scheme, ...(rounds === undefined ? {} : { factor: rounds }) };
}
