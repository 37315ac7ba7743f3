import { randomBytes } from 'node:crypto';
import type { Answer } from '../answer.js';
import type { State, UserRecord } from '../state/state.js';
import type { LoginBody, User } from '../wire.js';
import { registrationFor } from './registrations.js';

const newId = () => randomBytes(32).toString('base64url');

/**
 * Returns the step that a log-in with valid credentials still requires, with the status of the Login API, always 2xx: a
 * second factor (242), a due change of the password (203), an unverified e-mail address (212) or registration (213),
 * the latter two where the tenant's or the application's `unverified.behavior` is `Gated`.
 */
export function gate(
  { tenants, applications }: State,
  record: UserRecord,
  applicationId: string | undefined,
): Answer | undefined {
  const { user, tenantId } = record;
  const { emailConfiguration } = tenants.get(tenantId) ?? {};
  const registration = registrationFor(record, applicationId);
  return (
    secondFactor(user) ??
    passwordChange(user) ??
    unverified(212, user, emailConfiguration, { emailVerificationId: newId() }) ??
    unverified(213, registration, applications.get(applicationId ?? ''), {
      registrationVerificationId: newId(),
    })
  );
}

function secondFactor({ twoFactor }: User): Answer | undefined {
  const methods = twoFactor?.methods?.map(({ secret: _secret, ...method }) => method) ?? [];
  if (methods.length === 0) return undefined;
  return { status: 242, body: { twoFactorId: newId(), methods } satisfies LoginBody };
}

function passwordChange({ passwordChangeRequired, passwordChangeReason }: User): Answer | undefined {
  if (!passwordChangeRequired) return undefined;
  const changePasswordReason = passwordChangeReason ?? 'Administrative';
  return { status: 203, body: { changePasswordId: newId(), changePasswordReason } satisfies LoginBody };
}

function unverified(
  status: number,
  subject: { verified?: boolean | undefined } | undefined,
  gatekeeper: { unverified?: { behavior?: string | undefined } | undefined } | undefined,
  body: LoginBody,
): Answer | undefined {
  const gated = gatekeeper?.unverified?.behavior === 'Gated';
  return gated && subject?.verified === false ? { status, body } : undefined;
}
