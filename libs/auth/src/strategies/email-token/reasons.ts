import { refusalsFor } from '../../core/reasons.js';
import { phrases } from '../define-strategy.js';

/** Why an e-mail and authentication token are refused, in the order in which they are judged. */
export const reasons = {
  form: {},
  'FusionAuth’s Login API': {
    'unknown-or-wrong': 'no such user, or not its authentication token',
    'not-registered': 'the user is not registered for the application',
    'locked-by-action': 'the user is locked by an action, after failed log-ins perhaps: wait or cancel it',
    locked: 'the user is deactivated',
    'expired-user': 'the user has expired',
    'password-change-required': 'FusionAuth demands a new password of the user',
    'e-mail-unverified': 'FusionAuth demands that the address be verified',
    'registration-unverified': 'FusionAuth demands that the registration be verified',
    'second-factor-required': 'FusionAuth demands a second factor of the user',
  },
  'it is an authentication token': { 'password-presented': 'it is the user’s password' },
  tenant: { 'other-tenant': 'the user belongs to another tenant than FUSIONAUTH_TENANT_ID' },
  expiry: {
    expired: `its registration says that it has expired: ${phrases.obtainAnew}`,
    'expiry-unreadable': 'its registration’s data.expiresAt is no number of milliseconds',
  },
} as const;

export const { rejected } = refusalsFor(reasons);
