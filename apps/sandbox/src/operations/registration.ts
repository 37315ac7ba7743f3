import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { requireTenant, visible } from '../access/tenant.js';
import { empty, ok, type Answer } from '../answer.js';
import { idParam, patched, readBody } from '../body.js';
import { invalidField, notFound } from '../errors.js';
import type { ApplicationRecord, RegistrationRecord, UserRecord } from '../state/state.js';
import { userFields } from '../users/user-fields.js';
import { writeUser } from '../users/write-user.js';
import type { Registration, RegistrationBody } from '../wire.js';
import type { Call, World } from '../world.js';

const registrationFields = z.looseObject({
  applicationId: z.guid().toLowerCase(),
  roles: z.array(z.string()).optional(),
  authenticationToken: z.string().min(1).optional(),
});
const request = z.looseObject({
  user: userFields.optional(),
  registration: registrationFields,
  generateAuthenticationToken: z.boolean().default(false),
});

/** `POST /api/user/registration[/{userId}]`: registers a user, whom it creates when the body has a `user`. */
export async function register(call: Call, world: World): Promise<Answer> {
  const id = idParam(call, 'userId');
  const { user, registration, generateAuthenticationToken } = readBody(call, request);
  const application = applicationOf(call, world, registration.applicationId);
  checkRoles(application, registration.roles);
  const existing = id === undefined ? undefined : world.state.users.get(id);
  const record = user
    ? await writeUser(world, requireTenant(call, world), id, user, existing)
    : visible(call, world, existing);
  if (find(record, application.id)) {
    throw invalidField('registration', 'duplicate', 'The user is registered for this application already.');
  }
  const registered = {
    ...registration,
    ...tokenFor(application, registration.authenticationToken, generateAuthenticationToken),
    id: randomUUID(),
    roles: registration.roles ?? defaultRoles(application),
    insertInstant: world.now(),
    lastUpdateInstant: world.now(),
    usernameStatus: 'ACTIVE' as const,
    verified: true,
  };
  record.user.registrations.push(registered);
  return ok<RegistrationBody>({ registration: registered, ...(user ? { user: record.user } : {}) });
}

/** `GET /api/user/registration/{userId}/{applicationId}`. */
export function retrieveRegistration(call: Call, world: World): Answer {
  return ok<RegistrationBody>({
    registration: existingRegistration(call, world, call.params['applicationId']),
  });
}

/** `PUT /api/user/registration/{userId}`. */
export function updateRegistration(call: Call, world: World): Answer {
  const { registration, generateAuthenticationToken } = readBody(call, request);
  const existing = existingRegistration(call, world, registration.applicationId);
  return replace(call, world, existing, registration, generateAuthenticationToken);
}

/** `PATCH /api/user/registration/{userId}`. */
export function patchRegistration(call: Call, world: World): Answer {
  const { registration, generateAuthenticationToken } = readBody(call, request);
  const existing = existingRegistration(call, world, registration.applicationId);
  return replace(call, world, existing, patched(existing, registration, call), generateAuthenticationToken);
}

/** `DELETE /api/user/registration/{userId}/{applicationId}`. */
export function deleteRegistration(call: Call, world: World): Answer {
  const { id } = existingRegistration(call, world, call.params['applicationId']);
  const { user } = existingUser(call, world);
  user.registrations = user.registrations.filter((registration) => registration.id !== id);
  return empty(200);
}

function replace(
  call: Call,
  world: World,
  existing: RegistrationRecord,
  fields: Registration,
  generate: boolean,
): Answer {
  const application = applicationOf(call, world, existing.applicationId);
  checkRoles(application, fields.roles);
  const { id, applicationId, insertInstant, authenticationToken } = existing;
  const registration: RegistrationRecord = {
    ...fields,
    ...tokenFor(application, fields.authenticationToken ?? authenticationToken, generate),
    id,
    applicationId,
    roles: fields.roles ?? [],
    insertInstant,
    lastUpdateInstant: world.now(),
  };
  const { user } = existingUser(call, world);
  user.registrations = user.registrations.map((item) => (item.id === id ? registration : item));
  return ok<RegistrationBody>({ registration });
}

/** One authentication token a registration, chosen by the caller or 256 random bits; only if the application has them. */
function tokenFor(
  { authenticationTokenConfiguration }: ApplicationRecord,
  chosen: string | undefined,
  generate: boolean,
) {
  if (!authenticationTokenConfiguration?.enabled) return { authenticationToken: undefined };
  return { authenticationToken: generate ? randomBytes(32).toString('base64url') : chosen };
}

function applicationOf(call: Call, world: World, applicationId: string): ApplicationRecord {
  const application = world.state.applications.get(applicationId);
  if (!application)
    throw invalidField('registration.applicationId', 'invalid', 'There is no such application.');
  return visible(call, world, application);
}

function checkRoles({ roles = [] }: ApplicationRecord, wanted: readonly string[] = []): void {
  const unknown = wanted.find((role) => !roles.some(({ name }) => name === role));
  if (unknown !== undefined) {
    throw invalidField('registration.roles', 'invalid', `The application has no role ${unknown}.`);
  }
}

const defaultRoles = ({ roles = [] }: ApplicationRecord): string[] =>
  roles.flatMap(({ isDefault, name }) => (isDefault && name ? [name] : []));

const find = ({ user }: UserRecord, applicationId: string | undefined) =>
  user.registrations.find((registration) => registration.applicationId === applicationId?.toLowerCase());

function existingUser(call: Call, world: World): UserRecord {
  return visible(call, world, world.state.users.get(idParam(call, 'userId') ?? ''));
}

function existingRegistration(
  call: Call,
  world: World,
  applicationId: string | undefined,
): RegistrationRecord {
  const registration = find(existingUser(call, world), applicationId);
  if (!registration) throw notFound();
  return registration;
}
