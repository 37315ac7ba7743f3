import { refusalsFor } from '../../core/reasons.js';
import { phrases } from '../define-strategy.js';

/** The reasons for which an e-mail and authentication token are refused, in the order of the checks. */
export const reasons = {
  form: {},
  'FusionAuth’s Login API': {
    'unknown-or-wrong': 'no such user, or not its authentication token',
    'not-registered': 'the user is not registered for the application',
    'locked-by-action': 'the user is locked by an action, perhaps after failed log-ins: wait or cancel it',
    locked: 'the user is deactivated',
    'expired-user': 'the user has expired',
    'password-change-required': 'FusionAuth requires the user to change the password',
    'e-mail-unverified': 'FusionAuth requires the address to be verified',
    'registration-unverified': 'FusionAuth requires the registration to be verified',
    'second-factor-required': 'FusionAuth requires a second factor',
  },
  'it is an authentication token': { 'password-presented': 'it is the user’s password' },
  tenant: { 'other-tenant': 'the user belongs to another tenant than FUSIONAUTH_TENANT_ID' },
  expiry: {
    expired: `its registration says that it has expired: ${phrases.obtainAnew}`,
    'expiry-unreadable': 'its registration’s data.expiresAt is not a number of milliseconds',
  },
} as const;

export const { rejected } = refusalsFor(reasons);
