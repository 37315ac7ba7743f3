import { type Column, column, type Row, type Source } from './check.js';

const native = (title: string): Source => ({ test: 'test/services/gateways/native.spec.ts', title });
const rotation = native('accepts a token from the reload that adds its key to the one that removes it');

const haproxy = column(
  'haproxy-native',
  'HAProxy, native',
  native(
    'passes to the API only hostile tokens that the issuer’s key has signed, and the API refuses all of them',
  ),
  {
    signature: ['does', 'by key files that the generator writes and `--watch` renews'],
    algorithm: ['does', 'fixed with each key in the file; the token chooses neither'],
    expiry: ['does', 'a token without `exp` is refused'],
    notBefore: ['does', 'with 30 s for clocks that differ'],
    issuer: ['does', 'compared exactly'],
    audience: [
      'does',
      'and each of two services has its own',
      native('guards two services, and refuses a token of one at the other'),
    ],
    audienceList: ['does', 'the first four entries; the rest is left to the API'],
    kind: ['does', 'by the claims that only other kinds have, and by `tty` if present'],
    location: [
      'by-setting',
      '`--token cookie`',
      native('takes the token only from the cookie if the policy says so'),
    ],
    roles: ['left-to-api', 'HAProxy cannot compare lists'],
    revocation: ['left-to-api', 'until `exp`; a removed key is refused after the next reload', rotation],
    refusal: ['does', '401 with a challenge, as problem+json'],
    issuerDown: ['does', 'continues with the keys that it has', rotation],
  },
);

const noSetting: Row = ['left-to-api', 'there is no setting for it'];
const notNamed: Row = ['left-to-api', 'the page does not name it'];

const kongSettings = { page: 'https://docs.konghq.com/hub/kong-inc/jwt/configuration' };
const kongClaims = { page: 'https://developer.konghq.com/plugins/jwt/examples/verified-claim' };

const kong = column('kong', 'Kong, plugin jwt', kongSettings, {
  signature: ['does', 'by keys in the file; the plugin reads no key set'],
  algorithm: ['does', 'that of the key’s entry'],
  expiry: ['by-setting', '`claims_to_verify: [exp]`', kongClaims],
  notBefore: [
    'left-to-api',
    '`claims_to_verify` would take `nbf`, and refuse FusionAuth’s tokens, which have none',
    kongClaims,
  ],
  issuer: ['left-to-api', '`key_claim_name` chooses by `iss` or by `kid`; two keys of one issuer need `kid`'],
  audience: noSetting,
  audienceList: noSetting,
  kind: noSetting,
  location: [
    'by-setting',
    '`header_names`, `cookie_names`; `uri_param_names: []`, because Kong also looks in the URL by default',
  ],
  roles: ['left-to-api', 'claims are not read'],
  revocation: ['left-to-api', 'until `exp`', kongClaims],
  refusal: ['does', '401; a challenge with `realm`'],
  issuerDown: ['does', 'continues with the keys that it has'],
});

const ngrokPage = { page: 'https://ngrok.com/docs/traffic-policy/actions/jwt-validation' };

const ngrok = column('ngrok', 'ngrok', ngrokPage, {
  signature: ['does', 'by the key set, which ngrok must reach over the Internet'],
  algorithm: ['by-setting', '`allowed_algorithms`'],
  expiry: ['does', '', { page: 'https://ngrok.com/product/traffic-policy' }],
  notBefore: notNamed,
  issuer: ['by-setting', '`issuer.allow_list`, compared exactly'],
  audience: ['by-setting', '`audience.allow_list`; whether the claim is present is left to the API'],
  audienceList: ['by-setting', 'one of the entries must be on the list'],
  kind: ['left-to-api', '`type` is a hint for parsing'],
  location: ['by-setting', 'a header or a field of the body; no cookie'],
  roles: ['left-to-api', 'or your own rules on `actions.ngrok.jwt_validation.tokens`'],
  revocation: ['left-to-api', 'until `exp`; a removed key is still accepted for some 15 minutes'],
  refusal: ['does', '401'],
  issuerDown: ['does', 'continues with its copy of the key set; the page does not say for how long'],
});

const hasuraPage = { page: 'https://hasura.io/docs/latest/auth/authentication/jwt/' };
const hasuraRoles = { page: 'https://hasura.io/docs/latest/auth/authorization/roles-variables/' };

const hasura = column('hasura-jwt', 'Hasura, JWT', hasuraPage, {
  signature: ['does', 'by `jwk_url`, read again only as `Cache-Control` or `Expires` of the key set say'],
  algorithm: [
    'left-to-api',
    '`type` names one for a `key` in the setting; with `jwk_url` the key set decides',
  ],
  expiry: ['does', 'with `allowed_skew`'],
  notBefore: notNamed,
  issuer: ['by-setting', '`issuer`; whether the claim is present is left to you'],
  audience: ['by-setting', '`audience`'],
  audienceList: ['by-setting', '`audience` may be a list; the page does not mention a list in the token'],
  kind: ['left-to-api', 'there is no setting for it; a token without `roles` has no session variables'],
  location: ['by-setting', '`header`: Authorization or a cookie'],
  roles: ['by-setting', '`claims_map`, then permissions of Hasura; they do not bind `admin`', hasuraRoles],
  revocation: ['left-to-api', 'until `exp`, subscriptions too'],
  refusal: ['left-to-api', 'an error of GraphQL; there is no challenge'],
  issuerDown: ['does', 'continues with its copy of the key set'],
});

export const nativeColumns: readonly Column[] = [haproxy, kong, ngrok, hasura];
