import { z } from 'zod';
import { requireVisible } from '../access/tenant.js';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { applyPatch, check, idParam, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { RegistrationRecord, UserRecord } from '../state/state.js';
import {
  addRegistration,
  registrationFor,
  registrationRequest,
  wantedApplication,
  wantedToken,
} from '../users/registrations.js';
import { addUser } from '../users/users.js';
import { announce } from '../webhooks/announce.js';
import { registrationDeleted, registrationUpdated } from '../webhooks/events.js';
import type { RegistrationBody } from '../wire.js';
import { operation, operationsOn } from './operation.js';

/** `GET /api/user/registration/{userId}/{applicationId}`. */
function retrieveRegistration(request: ApiRequest, instance: Instance): Answer {
  const { registration } = existingRegistration(request, instance, idParam(request, 'applicationId'));
  return ok({ registration } satisfies RegistrationBody);
}

/** `PUT` and `PATCH /api/user/registration/{userId}[/{applicationId}]`: replaces the registration, or a part of it. */
const updateRegistration = (request: ApiRequest, instance: Instance): Promise<Answer> =>
  write(request, instance, false);
const patchRegistration = (request: ApiRequest, instance: Instance): Promise<Answer> =>
  write(request, instance, true);

/** `DELETE /api/user/registration/{userId}/{applicationId}`. */
async function deleteRegistration(request: ApiRequest, instance: Instance): Promise<Answer> {
  const applicationId = idParam(request, 'applicationId');
  const { record, registration } = existingRegistration(request, instance, applicationId);
  const events = [registrationDeleted(record, registration)];
  await announce(instance, events, () => replace(instance, record.id, registration.id), request);
  return empty(200);
}

async function write(request: ApiRequest, instance: Instance, partial: boolean): Promise<Answer> {
  const body = readRegistration(request);
  const { record, registration: existing } = existingRegistration(
    request,
    instance,
    body.registration.applicationId,
  );
  const wanted = partial
    ? check(registrationRequest, { ...body, registration: applyPatch(existing, body.registration, request) })
    : body;
  const application = wantedApplication(request, instance, wanted);
  const registration: RegistrationRecord = {
    ...wanted.registration,
    id: existing.id,
    roles: wanted.registration.roles ?? [],
    authenticationToken: wantedToken(application, wanted) ?? existing.authenticationToken,
    insertInstant: existing.insertInstant,
    lastUpdateInstant: instance.now(),
    usernameStatus: existing.usernameStatus,
    verified: wanted.registration.verified ?? existing.verified,
  };
  const events = [registrationUpdated(record, existing, registration)];
  await announce(instance, events, () => replace(instance, record.id, existing.id, registration), request);
  return ok({ registration } satisfies RegistrationBody);
}

/** Reads the body; the application is in it or in the path. */
function readRegistration(request: ApiRequest) {
  const applicationId = idParam(request, 'applicationId');
  const { registration, ...body } = readBody(request, anyRegistration);
  return check(registrationRequest, { ...body, registration: { applicationId, ...registration } });
}

/** Replaces a registration with another, or removes it. */
function replace({ state }: Instance, userId: string, id: string, ...others: RegistrationRecord[]): void {
  const user = state.users.get(userId)?.user;
  if (user) user.registrations = user.registrations.flatMap((item) => (item.id === id ? others : [item]));
}

function existingRegistration(
  request: ApiRequest,
  instance: Instance,
  applicationId: string | undefined,
): { record: UserRecord; registration: RegistrationRecord } {
  const record = requireVisible(
    request,
    instance,
    instance.state.users.get(idParam(request, 'userId') ?? ''),
  );
  const registration = registrationFor(record, applicationId ?? '');
  if (!registration) throw notFound();
  return { record, registration };
}

/** `POST /api/user/registration[/{userId}[/{applicationId}]]`: registers a user, and creates the user when the body has one. */
async function register(request: ApiRequest, instance: Instance): Promise<Answer> {
  const id = idParam(request, 'userId');
  const wanted = readRegistration(request);
  const application = wantedApplication(request, instance, wanted);
  const existing = instance.state.users.get(id ?? '');
  if (existing && wanted.user) throw invalidField('userId', 'duplicate', 'This user exists. Omit user.');
  const record = wanted.user
    ? await addUser(instance, {
        tenantId: application.tenantId,
        id,
        fields: wanted.user,
        sendSetPasswordEmail: wanted.sendSetPasswordEmail,
      })
    : requireVisible(request, instance, existing?.tenantId === application.tenantId ? existing : undefined);
  if (registrationFor(record, application.id))
    throw invalidField('registration', 'duplicate', 'The user is registered for this application already.');

  const registration = addRegistration(instance, record, application, {
    ...wanted.registration,
    authenticationToken: wantedToken(application, wanted),
  });
  return ok({ registration, user: wanted.user ? record.user : undefined } satisfies RegistrationBody);
}

const anyRegistration = z.looseObject({ registration: z.looseObject({}).prefault({}) });

const ofApplication = '/api/user/registration/:userId/:applicationId';

export const registrationOperations = [
  ...operationsOn('/api/user/registration', 'userId', 'api-key', {
    create: register,
    update: updateRegistration,
    patch: patchRegistration,
  }),
  operation('GET', ofApplication, 'api-key', retrieveRegistration),
  operation('POST', ofApplication, 'api-key', register),
  operation('PUT', ofApplication, 'api-key', updateRegistration),
  operation('PATCH', ofApplication, 'api-key', patchRegistration),
  operation('DELETE', ofApplication, 'api-key', deleteRegistration),
];
