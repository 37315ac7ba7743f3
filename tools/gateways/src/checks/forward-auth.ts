import { type Column, column, type Rows, type Source } from './check.js';

const live = (name: string, title: string): Source => ({
  test: `test/services/gateways/${name}.spec.ts`,
  title,
});
const rules: Source = {
  test: 'test/e2e/forward-auth/rules.spec.ts',
  title: 'is decided by the first rule that covers it: %s %s is %i',
};
const push: Source = {
  test: 'test/e2e/forward-auth/memory.spec.ts',
  title: 'is refused within a second of the event that ends its session, with push revocation',
};

/** Returns the checks of our guard, which are the same for every gateway; `by` is the program that runs it. */
export const judged = (by = 'forward-auth'): Omit<Rows, 'refusal' | 'issuerDown'> => ({
  signature: ['does', `${by}, by the key set`],
  algorithm: ['does', `${by}, by its own list`],
  expiry: ['does', by],
  notBefore: ['does', by],
  issuer: ['does', `${by}, compared exactly`],
  audience: ['does', by],
  audienceList: ['does', by],
  kind: ['does', `${by} refuses ID tokens and everything else that the same keys have signed`],
  location: ['by-setting', `\`TOKEN_LOCATION\` of ${by}: header or cookie, and exactly once`],
  roles: ['by-setting', '`ROLE_RULES` of forward-auth, by method and path', rules],
  revocation: [
    'does',
    'adds none: the gateway asks about each request and caches no answer; at most a second with `REVOCATION=push`',
    push,
  ],
});

/** The test that shows what the guard refuses, where no gateway that asks it was run. */
export const guardTest: Source = { test: 'test/hostile/hostile.spec.ts', title: 'refuses %s' };

const gatewayTest = live('hostile', 'refuses every hostile kind, and none reaches the API');
const twoServers = live(
  'outages',
  'of one of two forward-auth servers has no effect on callers, and 429 of the other stays 429',
);
const silent = live('outages', 'is answered 503 with Retry-After in time if forward-auth is silent');

/** The rows of a gateway that was run. */
const ran: Rows = {
  ...judged(),
  refusal: ['does', 'the answer of forward-auth, including its body', twoServers],
  issuerDown: ['does', '503 with `Retry-After`, from the gateway itself if forward-auth is down too', silent],
};

const traefikPage = {
  page: 'https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/http/middlewares/forwardauth',
};
const envoyPage = {
  page: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/ext_authz_filter',
};
const hasuraPage = { page: 'https://hasura.io/docs/latest/auth/authentication/webhook' };
const hook: Source = {
  test: 'test/e2e/forward-auth/hasura.spec.ts',
  title: 'answers 401 for two credentials; its 503, and its 403 for an untrusted proxy, become Hasura’s 500',
};

export const forwardAuthColumns: readonly Column[] = [
  column('haproxy-forward-auth', 'HAProxy, forward-auth', gatewayTest, ran),
  column('nginx', 'nginx', gatewayTest, {
    ...ran,
    refusal: [
      'does',
      'status, challenge and `Retry-After` of forward-auth; the problem+json is the gateway’s own file',
      twoServers,
    ],
  }),
  column('caddy', 'Caddy', gatewayTest, ran),
  column('traefik', 'Traefik', guardTest, {
    ...judged(),
    refusal: ['does', 'every answer that is not 2xx reaches the client, headers and body', traefikPage],
    issuerDown: [
      'does',
      '503 of forward-auth reaches the client; 500 if forward-auth itself is down',
      traefikPage,
    ],
  }),
  column('envoy', 'Envoy', guardTest, {
    ...judged(),
    refusal: ['does', 'every refusal below 500 reaches the client, headers and body', envoyPage],
    issuerDown: [
      'by-setting',
      '`status_on_error` and `local_reply_config`: 503 with `Retry-After`',
      envoyPage,
    ],
  }),
  column('hasura-webhook', 'Hasura, webhook', guardTest, {
    ...judged(),
    location: [
      'by-setting',
      '`TOKEN_LOCATION` of forward-auth; Hasura does not forward `Origin`',
      hasuraPage,
    ],
    roles: ['by-setting', 'permissions of Hasura for the one role that forward-auth names', hasuraPage],
    revocation: [
      'by-setting',
      'none for queries; an open subscription stays open, because the answer sets no expiry',
      hasuraPage,
    ],
    refusal: ['left-to-api', 'an error of GraphQL; there is no challenge', hasuraPage],
    issuerDown: ['does', 'an error: Hasura turns 503 into 500', hook],
  }),
];
