import { each, type ReasonOf, refusalsFor } from '../../core/reasons.js';
import { phrases } from '../define-strategy.js';

/**
 * Header members that would let the token choose its key or its rules (RFC 8725 sections 3.3, 3.6, 3.10; RFC 7515
 * section 4.1.11).
 */
export const forbiddenHeaders = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc', 'cty'] as const;

/** Claims of ID tokens, webhook signatures and sender-constrained tokens: none may pass as a bearer access token. */
export const foreignClaims = ['nonce', 'at_hash', 'c_hash', 'request_body_sha256', 'cnf'] as const;

/** The reasons for which an access token is refused, in the order of the checks. */
export const reasons = {
  form: {
    'not-a-token': phrases.form,
    origin: 'it came in a cookie, from an origin that is not in ALLOWED_ORIGINS',
  },
  header: {
    'symmetric-algorithm':
      'it is signed with a shared secret (HS256): "npm run provision" gives the application a key',
    algorithm: 'its algorithm is not among RS256, RS384, RS512, ES256, ES384, ES512',
    type: 'its typ names something other than a JWT',
    'key-id': 'it has no key id (kid)',
    ...each(
      'header-',
      forbiddenHeaders,
      'it chooses its own key or rules, which FusionAuth’s tokens never do',
    ),
  },
  issuer: { issuer: 'it has another issuer: another FusionAuth, tenant or issuer setting' },
  subject: {
    subject: 'its sub is missing or not a valid identifier',
    'token-id': 'its jti is not a valid identifier',
  },
  tenant: { tenant: 'it belongs to another tenant than FUSIONAUTH_TENANT_ID' },
  times: {
    times: 'exp or iat is missing or not a number, or it expires before it becomes valid',
    expired: `it has expired: refresh it, or ${phrases.obtainAnew}`,
    'not-yet-valid': 'it is not valid yet (nbf): compare the clocks',
    'issued-in-the-future': 'it was issued in the future (iat): compare the clocks',
    lifetime:
      'it is valid for longer than MAX_TOKEN_LIFETIME_SECONDS: shorten timeToLiveInSeconds of the application',
  },
  kind: {
    'token-kind': 'it is not an access token',
    ...each(
      'claim-',
      foreignClaims,
      'it is an ID token, a webhook signature or bound to a key: send the access token',
    ),
  },
  audience: { audience: 'it is meant for another application or entity' },
  registration: {
    application: 'its user is registered for another application',
    'not-registered': 'its user is not registered for the application',
    roles: 'it carries no roles',
    permissions: 'it carries no permissions of the Todo API’s entity',
  },
  key: {
    'webhook-key':
      'it is signed with the key of webhooks (WEBHOOK_KEY_ID): give the application another key (jwtConfiguration.accessTokenKeyId)',
    'unknown-key': 'the key set has no such key: it was withdrawn, or belongs to another FusionAuth',
    'algorithm-of-key': 'its key is for another algorithm',
  },
  signature: { signature: 'it was changed or made up' },
  session: {
    'no-session': 'it has no session: request the scope offline_access (JWT_VALIDATION=session only)',
    'session-revoked': `its session was ended by log-out or revocation: ${phrases.obtainAnew}`,
    'user-inactive': `its user is deactivated, expired or gone: ${phrases.obtainAnew}`,
    locked: 'its user is locked by an action: wait or cancel it',
    'grant-revoked': 'its entity or grant is gone',
    revoked: `a FusionAuth webhook revoked it (REVOCATION=push only): ${phrases.obtainAnew}`,
    inactive: `FusionAuth reports it as inactive (JWT_VALIDATION=introspection): ${phrases.obtainAnew}`,
  },
} as const;

export type JwtReason = ReasonOf<typeof reasons>;

export const { rejected, forbidden } = refusalsFor(reasons);
