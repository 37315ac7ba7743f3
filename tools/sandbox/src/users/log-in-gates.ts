import { randomBytes } from 'node:crypto';
import type { Answer } from '../answer.js';
import type { Instance } from '../instance.js';
import type { UserRecord } from '../state/state.js';
import type { Application, LoginBody, Tenant, User } from '../wire.js';
import { brokenRule } from './password.js';
import { registrationFor } from './registrations.js';

const dayMs = 86_400_000;

const newId = () => randomBytes(32).toString('base64url');

/**
 * Returns the step that a log-in with valid credentials still requires, with the status of the Login API, always 2xx: a
 * second factor (242), a due change of the password (203), an unverified e-mail address (212) or registration (213),
 * the latter two where the tenant's or the application's `unverified.behavior` is `Gated`. `password` is undefined for a
 * log-in with an authentication token.
 */
export function gate(
  instance: Instance,
  record: UserRecord,
  applicationId: string | undefined,
  password: string | undefined,
): Answer | undefined {
  const { user } = record;
  const { state } = instance;
  const tenant: Tenant = state.tenants.get(record.tenantId) ?? {};
  const application = state.applications.get(applicationId ?? '');
  const registration = registrationFor(record, applicationId);
  return (
    secondFactor(user, application?.multiFactorConfiguration ?? {}, tenant.multiFactorConfiguration ?? {}) ??
    passwordChange(passwordChangeReason(user, tenant, password, instance.now())) ??
    unverified(212, user, tenant.emailConfiguration, { emailVerificationId: newId() }) ??
    unverified(213, registration, application, { registrationVerificationId: newId() })
  );
}

/** Returns 242 for a user with methods, and where `loginPolicy` requires one for every user. */
function secondFactor(
  { twoFactor }: User,
  ofApplication: NonNullable<Application['multiFactorConfiguration']>,
  ofTenant: NonNullable<Tenant['multiFactorConfiguration']>,
): Answer | undefined {
  const policy = ofApplication.loginPolicy ?? ofTenant.loginPolicy ?? 'Enabled';
  const methods = twoFactor?.methods?.map(({ secret: _secret, ...method }) => method) ?? [];
  if (policy === 'Disabled' || (policy === 'Enabled' && methods.length === 0)) return undefined;
  return { status: 242, body: { twoFactorId: newId(), methods } satisfies LoginBody };
}

function passwordChange(changePasswordReason: LoginBody['changePasswordReason']): Answer | undefined {
  if (changePasswordReason === undefined) return undefined;
  return { status: 203, body: { changePasswordId: newId(), changePasswordReason } satisfies LoginBody };
}

/** Returns why the user must change the password; `password` is undefined for a log-in without one. */
function passwordChangeReason(
  user: User,
  { maximumPasswordAge, passwordValidationRules = {} }: Tenant,
  password: string | undefined,
  now: number,
): LoginBody['changePasswordReason'] {
  if (user.passwordChangeRequired) return user.passwordChangeReason ?? 'Administrative';
  if (password === undefined) return undefined;
  if (isTooOld(user, maximumPasswordAge, now)) return 'Expired';
  return passwordValidationRules.validateOnLogin && brokenRule(passwordValidationRules, password)
    ? 'Validation'
    : undefined;
}

function isTooOld(
  { passwordLastUpdateInstant, insertInstant = 0 }: User,
  { enabled = false, days = 180 }: NonNullable<Tenant['maximumPasswordAge']> = {},
  now: number,
): boolean {
  return enabled && (passwordLastUpdateInstant ?? insertInstant) + days * dayMs <= now;
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
