import { column, type Rows, type Source } from './check.js';

const memory = (title: string): Source => ({ test: 'test/e2e/forward-auth/memory.spec.ts', title });
const live = (name: string, title: string): Source => ({
  test: `test/services/gateways/${name}.spec.ts`,
  title,
});

const roles: Rows['roles'] = [
  'by-setting',
  '`ROLE_RULES` of forward-auth, by method and path',
  {
    test: 'test/e2e/forward-auth/rules.spec.ts',
    title: 'is held to the first rule that covers it: %s %s is %i',
  },
];
const revocation: Rows['revocation'] = [
  'does',
  'adds none: the gateway asks about each request and keeps no answer; a second at most with `REVOCATION=push`',
  memory('ends with the session within a second of its event, with push revocation'),
];

/** Returns the checks of our guard, which are the same for every gateway; `source` is the test that shows them. */
export const judged = (source: Source, by = 'forward-auth'): Omit<Rows, 'refusal' | 'issuerDown'> => ({
  signature: ['does', `${by}, by the key set`, source],
  algorithm: ['does', `${by}, by its own list`, source],
  expiry: ['does', by, source],
  notBefore: ['does', by, source],
  issuer: ['does', `${by}, to the letter`, source],
  audience: ['does', by, source],
  audienceList: ['does', by, source],
  kind: ['does', `${by} refuses ID tokens and what else the same keys have signed`, source],
  location: ['by-setting', `\`TOKEN_LOCATION\` of ${by}: header or cookie, and exactly once`, source],
  roles,
  revocation,
});

const ran = judged(live('hostile', 'refuses every hostile kind, and none reaches the API'));
const obeyed = judged({ test: 'test/hostile/hostile.spec.ts', title: 'refuses %s' });

const runDown: Rows['issuerDown'] = [
  'does',
  '503 with `Retry-After`, from the gateway itself where forward-auth is down too',
  live('outages', 'is answered 503 with Retry-After in time where forward-auth is silent'),
];
const traefikPage = {
  page: 'https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/http/middlewares/forwardauth',
};
const envoyPage = {
  page: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/ext_authz_filter',
};
const hasuraPage = { page: 'https://hasura.io/docs/latest/auth/authentication/webhook' };

export const haproxyForwardAuth = column('haproxy-forward-auth', 'HAProxy, forward-auth', {
  ...ran,
  refusal: [
    'does',
    'the answer of forward-auth, body and all',
    live(
      'outages',
      'of one of two forward-auth servers is noticed by nobody, and 429 of the other stays 429',
    ),
  ],
  issuerDown: runDown,
});

export const nginx = column('nginx', 'nginx', {
  ...ran,
  refusal: [
    'does',
    'status, challenge and `Retry-After` of forward-auth; the problem+json is the gateway’s own file',
    live(
      'outages',
      'of one of two forward-auth servers is noticed by nobody, and 429 of the other stays 429',
    ),
  ],
  issuerDown: runDown,
});

export const caddy = column('caddy', 'Caddy', {
  ...ran,
  refusal: [
    'does',
    'the answer of forward-auth, body and all',
    live(
      'outages',
      'of one of two forward-auth servers is noticed by nobody, and 429 of the other stays 429',
    ),
  ],
  issuerDown: runDown,
});

export const traefik = column('traefik', 'Traefik', {
  ...obeyed,
  refusal: ['does', 'every answer that is not 2xx reaches the client, headers and body', traefikPage],
  issuerDown: [
    'does',
    '503 of forward-auth reaches the client; 500 where forward-auth itself is down',
    traefikPage,
  ],
});

export const envoy = column('envoy', 'Envoy', {
  ...obeyed,
  refusal: ['does', 'every refusal below 500 reaches the client, headers and body', envoyPage],
  issuerDown: ['by-setting', '`status_on_error` and `local_reply_config`: 503 with `Retry-After`', envoyPage],
});

const hook: Source = {
  test: 'test/e2e/forward-auth/hasura.spec.ts',
  title: 'answers 401 for two credentials, and leaves 503 and a stranger’s 403 to be Hasura’s 500',
};
export const hasuraWebhook = column('hasura-webhook', 'Hasura, webhook', {
  ...obeyed,
  location: ['by-setting', '`TOKEN_LOCATION` of forward-auth; Hasura sends no `Origin` along', hasuraPage],
  roles: ['by-setting', 'permissions of Hasura for the one role that forward-auth names', hasuraPage],
  revocation: [
    'by-setting',
    'none for queries; a subscription that is open stays so, since the answer names no end',
    hasuraPage,
  ],
  refusal: ['left-to-api', 'an error of GraphQL; there is no challenge', hasuraPage],
  issuerDown: ['does', 'an error: Hasura makes 500 of 503', hook],
});
