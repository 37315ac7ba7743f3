import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { requireVisible } from '../access/tenant.js';
import { invalidField } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { ApplicationRecord, RegistrationRecord, UserRecord } from '../state/state.js';
import type { Registration } from '../wire.js';
import { setPasswordMail, userFields } from './users.js';

/** The body of POST, PUT and PATCH `/api/user/registration`. */
export const registrationRequest = z.looseObject({
  user: userFields.optional(),
  registration: z.looseObject({
    applicationId: z.guid().toLowerCase(),
    roles: z.array(z.string()).optional(),
    authenticationToken: z.string().min(1).optional(),
    verified: z.boolean().optional(),
  }),
  generateAuthenticationToken: z.boolean().default(false),
  ...setPasswordMail,
});

type Wanted = z.output<typeof registrationRequest>;

export const registrationFor = (
  { user }: UserRecord,
  applicationId: string | undefined,
): RegistrationRecord | undefined =>
  user.registrations.find((registration) => registration.applicationId === applicationId);

/** Returns whether people may register themselves for the application. */
export const registersItself = ({ registrationConfiguration }: ApplicationRecord): boolean =>
  registrationConfiguration?.enabled === true;

/**
 * Registers a user who is not registered for the application yet; without roles, with the application's default ones.
 */
export function addRegistration(
  instance: Instance,
  { user }: UserRecord,
  application: ApplicationRecord,
  fields: Registration,
): RegistrationRecord {
  const defaultRoles = application.roles?.flatMap(({ isDefault, name }) => (isDefault && name ? [name] : []));
  const registration: RegistrationRecord = {
    ...fields,
    id: randomUUID(),
    applicationId: application.id,
    roles: fields.roles ?? defaultRoles ?? [],
    insertInstant: instance.now(),
    lastUpdateInstant: instance.now(),
    usernameStatus: 'ACTIVE',
    verified: fields.verified ?? true,
  };
  user.registrations.push(registration);
  return registration;
}

/** Returns the application to register for. Throws 400 when it does not exist or lacks a requested role. */
export function wantedApplication(
  request: ApiRequest,
  instance: Instance,
  { registration }: Wanted,
): ApplicationRecord {
  const application = instance.state.applications.get(registration.applicationId);
  if (!application)
    throw invalidField('registration.applicationId', 'invalid', 'There is no such application.');
  const unknown = registration.roles?.find((role) => !application.roles?.some(({ name }) => name === role));
  if (unknown === undefined) return requireVisible(request, instance, application);
  throw invalidField('registration.roles', 'invalid', `The application has no role ${unknown}.`);
}

/**
 * Returns the authentication token to store, 256 random bits or the caller's own, if the application has any: one per
 * registration.
 */
export function wantedToken(
  { authenticationTokenConfiguration }: ApplicationRecord,
  { registration, generateAuthenticationToken }: Wanted,
): string | undefined {
  if (!authenticationTokenConfiguration?.enabled) return undefined;
  return generateAuthenticationToken
    ? randomBytes(32).toString('base64url')
    : registration.authenticationToken;
}
