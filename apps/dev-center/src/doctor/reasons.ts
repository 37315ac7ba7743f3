import type { StrategyName } from '#gatehouse/auth';

interface Step {
  readonly name: string;
  /** What refuses here, with what it means and what to do. */
  readonly reasons: Readonly<Record<string, string>>;
}

const form = 'it is cut short, has something before or behind it, or is another kind of credential';
const anew = 'obtain a new one';

/** What the guard looks at, in its order, by strategy; the reasons are those of its audit log. */
export const steps: Readonly<Record<StrategyName, readonly Step[]>> = {
  jwt: [
    { name: 'form', reasons: { malformed: form, 'not-a-token': form } },
    {
      name: 'header',
      reasons: {
        'symmetric-algorithm':
          'it is signed with a shared secret (HS256): "npm run provision" gives the application a key',
        algorithm: 'its algorithm is not among RS256, RS384, RS512, ES256, ES384, ES512',
        type: 'it is no JWT by its typ',
        'key-id': 'it names no key',
        'header-*': 'it chooses its own key or rules, as tokens of FusionAuth do not',
      },
    },
    {
      name: 'issuer',
      reasons: { issuer: 'it was issued by somebody else: another FusionAuth, tenant or issuer setting' },
    },
    { name: 'subject', reasons: { subject: 'it names nobody', 'token-id': 'its id is none' } },
    { name: 'tenant', reasons: { tenant: 'it is of another tenant than FUSIONAUTH_TENANT_ID' } },
    {
      name: 'times',
      reasons: {
        times: 'exp or iat is missing, or it ends before it begins',
        expired: `it has expired: refresh it, or ${anew}`,
        'not-yet-valid': 'it is not valid yet (nbf): compare the clocks',
        'issued-in-the-future': 'it was issued in the future (iat): compare the clocks',
        lifetime:
          'it lives longer than MAX_TOKEN_LIFETIME_SECONDS: shorten timeToLiveInSeconds of the application',
      },
    },
    {
      name: 'kind',
      reasons: {
        'token-kind': 'it is no access token',
        'claim-*': 'it is an ID token, a webhook signature or bound to a key: send the access token',
      },
    },
    { name: 'audience', reasons: { audience: 'it is meant for another application or entity' } },
    {
      name: 'registration',
      reasons: {
        application: 'its user is registered for another application',
        'not-registered': 'its user is not registered for the application',
        roles: 'it carries no roles',
        permissions: 'it carries no permissions of the Todo API’s entity',
      },
    },
    {
      name: 'key',
      reasons: {
        'unknown-key': 'the key set has no such key: it was withdrawn, or is of another FusionAuth',
        'algorithm-of-key': 'its key is for another algorithm',
      },
    },
    { name: 'signature', reasons: { signature: 'it was changed or made up' } },
    {
      name: 'session',
      reasons: {
        'no-session': 'it has no session: ask for the scope offline_access (JWT_VALIDATION=session only)',
        'session-revoked': `its session was ended by log-out or revocation: ${anew}`,
        'user-inactive': `its user is deactivated, expired or gone: ${anew}`,
        locked: 'its user is locked by an action: wait or cancel it',
        'grant-revoked': 'its entity or grant is gone',
        inactive: `FusionAuth calls it inactive (JWT_VALIDATION=introspection): ${anew}`,
      },
    },
  ],
  'api-key': [
    { name: 'form', reasons: { malformed: form, 'not-issued': form } },
    {
      name: 'FusionAuth knows it',
      reasons: {
        'unknown-key': `FusionAuth refuses it: it was deleted, has expired, was never issued, or may not read groups; ${anew}`,
        'other-tenant': 'it is bound to another tenant',
      },
    },
    {
      name: 'it opens nothing else',
      reasons: { 'over-privileged': 'it opens far more of FusionAuth: replace it, and treat it as leaked' },
    },
  ],
  'email-token': [
    { name: 'form', reasons: { malformed: form } },
    {
      name: 'FusionAuth’s Login API',
      reasons: {
        'unknown-or-wrong': 'no such user, or not its authentication token',
        'not-registered': 'the user is not registered for the application',
        'locked-by-action':
          'the user is locked by an action, after failed log-ins perhaps: wait or cancel it',
        locked: 'the user is deactivated',
        'expired-user': 'the user has expired',
        'password-change-required': 'FusionAuth demands a new password of the user',
        'e-mail-unverified': 'FusionAuth demands that the address be verified',
        'registration-unverified': 'FusionAuth demands that the registration be verified',
        'second-factor-required': 'FusionAuth demands a second factor of the user',
      },
    },
    { name: 'it is an authentication token', reasons: { 'password-presented': 'it is the user’s password' } },
    {
      name: 'tenant',
      reasons: { 'other-tenant': 'the user is of another tenant than FUSIONAUTH_TENANT_ID' },
    },
    {
      name: 'expiry',
      reasons: {
        expired: `its registration says that it has expired: ${anew}`,
        'expiry-unreadable': 'its registration’s data.expiresAt is no number of milliseconds',
      },
    },
  ],
};

/** Where a reason belongs, and what it means; undefined for one that is not known here. */
export function stepOf(strategy: StrategyName, reason: string): { at: number; text: string } | undefined {
  const at = steps[strategy].findIndex((step) => meaning(step, reason) !== undefined);
  const step = steps[strategy][at];
  const text = step && meaning(step, reason);
  return text === undefined ? undefined : { at, text };
}

const meaning = ({ reasons }: Step, reason: string): string | undefined =>
  reasons[reason] ??
  Object.entries(reasons).find(([name]) => name.endsWith('*') && reason.startsWith(name.slice(0, -1)))?.[1];
