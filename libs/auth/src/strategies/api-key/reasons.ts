import { refusalsFor } from '../../core/reasons.js';
import { phrases } from '../define-strategy.js';

/** The reasons for which an API key is refused, in the order of the checks. */
export const reasons = {
  form: { 'not-issued': phrases.form },
  'FusionAuth knows it': {
    'unknown-key': `FusionAuth refuses it: it was deleted, has expired, was never issued, or may not read groups; ${phrases.obtainAnew}`,
    'other-tenant': 'it is bound to another tenant',
  },
  'it has no permissions beyond the probe group': {
    'over-privileged': 'it has permissions far beyond this API: replace it, and treat it as leaked',
  },
} as const;

export const { rejected, forbidden } = refusalsFor(reasons);
