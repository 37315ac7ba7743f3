import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { visible } from '../access/tenant.js';
import { invalidField } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { ApplicationRecord, RegistrationRecord, UserRecord } from '../state/state.js';
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

/** The application to register for. Throws 400 when it does not exist or lacks a wanted role. */
export function wantedApplication(
  request: ApiRequest,
  instance: Instance,
  { registration }: Wanted,
): ApplicationRecord {
  const application = instance.state.applications.get(registration.applicationId);
  if (!application)
    throw invalidField('registration.applicationId', 'invalid', 'There is no such application.');
  const unknown = registration.roles?.find((role) => !application.roles?.some(({ name }) => name === role));
  if (unknown === undefined) return visible(request, instance, application);
  throw invalidField('registration.roles', 'invalid', `The application has no role ${unknown}.`);
}

/** The authentication token to store: one a registration, 256 random bits or the caller's, if the application has any. */
export function wantedToken(
  { authenticationTokenConfiguration }: ApplicationRecord,
  { registration, generateAuthenticationToken }: Wanted,
): string | undefined {
  if (!authenticationTokenConfiguration?.enabled) return undefined;
  return generateAuthenticationToken
    ? randomBytes(32).toString('base64url')
    : registration.authenticationToken;
}
