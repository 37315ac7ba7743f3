import { randomUUID } from 'node:crypto';
import { visible } from '../access/tenant.js';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { RegistrationRecord, UserRecord } from '../state/state.js';
import {
  registrationFor,
  registrationRequest,
  wantedApplication,
  wantedToken,
} from '../users/registrations.js';
import { addUser } from '../users/users.js';
import type { RegistrationBody } from '../wire.js';
import type { Call, World } from '../world.js';

/** `GET /api/user/registration/{userId}/{applicationId}`. */
export function retrieveRegistration(call: Call, world: World): Answer {
  const { registration } = existingRegistration(call, world, idParam(call, 'applicationId'));
  return ok({ registration } satisfies RegistrationBody);
}

/** `PUT` and `PATCH /api/user/registration/{userId}`: replaces the registration, or a part of it. */
export const updateRegistration = (call: Call, world: World): Answer => write(call, world, false);
export const patchRegistration = (call: Call, world: World): Answer => write(call, world, true);

/** `DELETE /api/user/registration/{userId}/{applicationId}`. */
export function deleteRegistration(call: Call, world: World): Answer {
  const { record, registration } = existingRegistration(call, world, idParam(call, 'applicationId'));
  record.user.registrations = record.user.registrations.filter((item) => item !== registration);
  return empty(200);
}

function write(call: Call, world: World, partial: boolean): Answer {
  const body = readBody(call, registrationRequest);
  const { record, registration: existing } = existingRegistration(
    call,
    world,
    body.registration.applicationId,
  );
  const wanted = partial
    ? check(registrationRequest, { ...body, registration: patched(existing, body.registration, call) })
    : body;
  const application = wantedApplication(call, world, wanted);
  const registration: RegistrationRecord = {
    ...wanted.registration,
    id: existing.id,
    roles: wanted.registration.roles ?? [],
    authenticationToken: wantedToken(application, wanted) ?? existing.authenticationToken,
    insertInstant: existing.insertInstant,
    lastUpdateInstant: world.now(),
    usernameStatus: existing.usernameStatus,
    verified: wanted.registration.verified ?? existing.verified,
  };
  record.user.registrations = record.user.registrations.map((item) =>
    item === existing ? registration : item,
  );
  return ok({ registration } satisfies RegistrationBody);
}

function existingRegistration(
  call: Call,
  world: World,
  applicationId: string | undefined,
): { record: UserRecord; registration: RegistrationRecord } {
  const record = visible(call, world, world.state.users.get(idParam(call, 'userId') ?? ''));
  const registration = registrationFor(record, applicationId ?? '');
  if (!registration) throw notFound();
  return { record, registration };
}

/** `POST /api/user/registration[/{userId}]`: registers a user, whom it creates when the body has a `user`. */
export async function register(call: Call, world: World): Promise<Answer> {
  const id = idParam(call, 'userId');
  const wanted = readBody(call, registrationRequest);
  const application = wantedApplication(call, world, wanted);
  const existing = world.state.users.get(id ?? '');
  if (existing && wanted.user) throw invalidField('userId', 'duplicate', 'This user exists: leave out user.');
  const record = wanted.user
    ? await addUser(world, application.tenantId, id, wanted.user)
    : visible(call, world, existing);
  if (registrationFor(record, application.id))
    throw invalidField('registration', 'duplicate', 'The user is registered for this application already.');

  const defaultRoles = application.roles?.flatMap(({ isDefault, name }) => (isDefault && name ? [name] : []));
  const registration: RegistrationRecord = {
    ...wanted.registration,
    id: randomUUID(),
    roles: wanted.registration.roles ?? defaultRoles ?? [],
    authenticationToken: wantedToken(application, wanted),
    insertInstant: world.now(),
    lastUpdateInstant: world.now(),
    usernameStatus: 'ACTIVE',
    verified: wanted.registration.verified ?? true,
  };
  record.user.registrations.push(registration);
  return ok({ registration, user: wanted.user ? record.user : undefined } satisfies RegistrationBody);
}
