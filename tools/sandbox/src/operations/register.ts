import { randomUUID } from 'node:crypto';
import { visible } from '../access/tenant.js';
import { type Answer, ok } from '../answer.js';
import { idParam, readBody } from '../body.js';
import { invalidField } from '../errors.js';
import type { RegistrationRecord } from '../state/state.js';
import {
  registrationFor,
  registrationRequest,
  wantedApplication,
  wantedToken,
} from '../users/registrations.js';
import { addUser } from '../users/write-user.js';
import type { RegistrationBody } from '../wire.js';
import type { Call, World } from '../world.js';

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
