import { column, type Source } from './check.js';

const native = (title: string): Source => ({ test: 'test/services/gateways/native.spec.ts', title });
const left = native(
  'leaves to the API behind it only what the issuer’s key has signed, and the API refuses all of that',
);

export const haproxyNative = column('haproxy-native', 'HAProxy, native', {
  signature: ['does', 'by key files that the generator pastes and `--watch` renews', left],
  algorithm: ['does', 'written out for each key; the token chooses neither', left],
  expiry: ['does', 'a token without `exp` is refused', left],
  notBefore: ['does', 'with 30 s for clocks that differ', left],
  issuer: ['does', 'to the letter', left],
  audience: [
    'does',
    'and each of two services has its own',
    native('guards two services, and a token for one of them does not open the other'),
  ],
  audienceList: ['does', 'the first four entries; the rest is left to the API', left],
  kind: ['does', 'by the claims that only other kinds have, and by `tty` where it is there', left],
  location: [
    'by-setting',
    '`--token cookie`',
    native('takes the token from the cookie alone where the policy says so'),
  ],
  roles: ['left-to-api', 'HAProxy compares no lists', left],
  revocation: [
    'left-to-api',
    'until `exp`; a key that is taken away counts from the next reload',
    native(
      'accepts a token by its key from the reload on that brings the key, until the one that takes it away',
    ),
  ],
  refusal: ['does', '401 with a challenge, as problem+json', left],
  issuerDown: [
    'does',
    'goes on with the keys that it has',
    native(
      'accepts a token by its key from the reload on that brings the key, until the one that takes it away',
    ),
  ],
});

const kongSettings = { page: 'https://docs.konghq.com/hub/kong-inc/jwt/configuration' };
const kongClaims = { page: 'https://developer.konghq.com/plugins/jwt/examples/verified-claim' };

export const kong = column('kong', 'Kong, plugin jwt', {
  signature: ['does', 'by keys that are pasted; the plugin reads no key set', kongSettings],
  algorithm: ['does', 'that of the key’s entry', kongSettings],
  expiry: ['by-setting', '`claims_to_verify: [exp]`', kongClaims],
  notBefore: [
    'left-to-api',
    '`claims_to_verify` would take `nbf`, and refuse FusionAuth’s tokens, which have none',
    kongClaims,
  ],
  issuer: [
    'left-to-api',
    '`key_claim_name` chooses by `iss` or by `kid`; two keys of one issuer need `kid`',
    kongSettings,
  ],
  audience: ['left-to-api', 'there is no setting for it', kongSettings],
  audienceList: ['left-to-api', 'there is no setting for it', kongSettings],
  kind: ['left-to-api', 'there is no setting for it', kongSettings],
  location: [
    'by-setting',
    '`header_names`, `cookie_names`; `uri_param_names: []`, because a URL is the default too',
    kongSettings,
  ],
  roles: ['left-to-api', 'claims are not read', kongSettings],
  revocation: ['left-to-api', 'until `exp`', kongClaims],
  refusal: ['does', '401; a challenge with `realm`', kongSettings],
  issuerDown: ['does', 'goes on with the keys that it has', kongSettings],
});

const ngrokPage = { page: 'https://ngrok.com/docs/traffic-policy/actions/jwt-validation' };

export const ngrok = column('ngrok', 'ngrok', {
  signature: ['does', 'by the key set, which ngrok must reach over the Internet', ngrokPage],
  algorithm: ['by-setting', '`allowed_algorithms`', ngrokPage],
  expiry: ['does', '', { page: 'https://ngrok.com/product/traffic-policy' }],
  notBefore: ['left-to-api', 'the page does not name it', ngrokPage],
  issuer: ['by-setting', '`issuer.allow_list`, to the letter', ngrokPage],
  audience: [
    'by-setting',
    '`audience.allow_list`; that the claim is there at all is left to the API',
    ngrokPage,
  ],
  audienceList: ['by-setting', 'one of the entries must be on the list', ngrokPage],
  kind: ['left-to-api', '`type` is a hint for parsing', ngrokPage],
  location: ['by-setting', 'a header or a field of the body; no cookie', ngrokPage],
  roles: ['left-to-api', 'or rules of yours on `actions.ngrok.jwt_validation.tokens`', ngrokPage],
  revocation: ['left-to-api', 'until `exp`; a key that is taken away counts some 15 minutes more', ngrokPage],
  refusal: ['does', '401', ngrokPage],
  issuerDown: ['does', 'goes on with its copy of the key set; the page does not say for how long', ngrokPage],
});

const hasuraPage = { page: 'https://hasura.io/docs/latest/auth/authentication/jwt/' };
const hasuraRoles = { page: 'https://hasura.io/docs/latest/auth/authorization/roles-variables/' };

export const hasuraJwt = column('hasura-jwt', 'Hasura, JWT', {
  signature: [
    'does',
    'by `jwk_url`, read again only as `Cache-Control` or `Expires` of the key set say',
    hasuraPage,
  ],
  algorithm: [
    'left-to-api',
    '`type` names one beside a pasted `key`; with `jwk_url` the key set decides',
    hasuraPage,
  ],
  expiry: ['does', 'with `allowed_skew`', hasuraPage],
  notBefore: ['left-to-api', 'the page does not name it', hasuraPage],
  issuer: ['by-setting', '`issuer`; that the claim is there at all is left to you', hasuraPage],
  audience: ['by-setting', '`audience`', hasuraPage],
  audienceList: [
    'by-setting',
    '`audience` may be a list; the page does not tell a list in the token',
    hasuraPage,
  ],
  kind: [
    'left-to-api',
    'there is no setting for it; a token without `roles` has no session variables',
    hasuraPage,
  ],
  location: ['by-setting', '`header`: Authorization or a cookie', hasuraPage],
  roles: ['by-setting', '`claims_map`, then permissions of Hasura; `admin` is bound by none', hasuraRoles],
  revocation: ['left-to-api', 'until `exp`, subscriptions too', hasuraPage],
  refusal: ['left-to-api', 'an error of GraphQL; there is no challenge', hasuraPage],
  issuerDown: ['does', 'goes on with its copy of the key set', hasuraPage],
});
