import type { Evidence } from './report.js';

/** A public page. */
export interface Page {
  readonly title: string;
  readonly url: string;
}

const page = (title: string, path: string): Page => ({ title, url: `https://fusionauth.io/docs/${path}` });
const tokens = 'lifecycle/authenticate-users';

/** The pages of FusionAuth's documentation with the facts that the sandbox reproduces. */
export const pages = {
  guide: page('Securing your APIs', 'extend/examples/api-gateways/api-authorization'),
  apis: page('API overview', 'apis/'),
  authentication: page('API authentication', 'apis/authentication'),
  apiKeys: page('API keys', 'apis/api-keys'),
  applications: page('Applications', 'apis/applications'),
  oauth: page('OAuth endpoints', `${tokens}/oauth/endpoints`),
  oauthTokens: page('OAuth tokens', `${tokens}/oauth/tokens`),
  refreshTokens: page('JWTs and refresh tokens', 'apis/jwt'),
  login: page('Login', 'apis/login'),
  authenticationTokens: page(
    'Application authentication tokens',
    `${tokens}/application-authentication-tokens`,
  ),
  users: page('Users', 'apis/users'),
  registrations: page('Registrations', 'apis/registrations'),
  locks: page('Actioning users', 'apis/actioning-users'),
  webhooks: page('Events and webhooks', 'extend/events-and-webhooks'),
  eventLog: page('Webhook event logs', 'apis/webhook-event-logs'),
  entities: page('Entities', 'apis/entities'),
  entityManagement: page('Entity management', 'get-started/core-concepts/entity-management'),
  plans: page('Plans and features', 'get-started/core-concepts/plans-features'),
  tenantsApi: page('Tenants API', 'apis/tenants'),
  tenants: page('Tenants', 'get-started/core-concepts/tenants'),
  keys: page('Keys', 'apis/keys'),
  system: page('System', 'apis/system'),
} as const;

/** Returns the page of a thread among FusionAuth's public issues. */
export const thread = (number: number): Page => ({
  title: `#${number}`,
  url: `https://github.com/FusionAuth/fusionauth-issues/issues/${number}`,
});

/** The pages by the section that the evidence of a cell names. */
const pagesBySection: Readonly<Record<string, readonly Page[]>> = {
  2: [pages.authentication],
  4: [pages.oauth],
  5: [pages.oauth],
  7: [pages.oauth, pages.refreshTokens],
  8: [pages.refreshTokens],
  9: [pages.apiKeys, pages.authentication],
  10: [pages.login],
  11: [pages.registrations, pages.authenticationTokens],
  12: [pages.users, pages.locks],
  13: [pages.webhooks],
  14: [pages.entities, pages.entityManagement],
  17: [pages.plans],
  26: [pages.eventLog],
  27: [pages.tenantsApi, pages.keys],
};

/** The basis of a statement about FusionAuth's own behaviour. */
export type Basis = 'documented' | 'reported' | 'assumed';

/**
 * Returns the basis of a cell about FusionAuth, and the public pages that hold it. Threads of users come before the
 * documentation, which has nothing on their subject. What is assumed has no page.
 */
export function sourcesOf({ section, tag }: Extract<Evidence, { kind: 'as-documented' }>): {
  readonly basis: Basis;
  readonly pages: readonly Page[];
} {
  const threads = [...tag.matchAll(/#(\d+)/g)].map(([, number]) => thread(Number(number)));
  if (threads.length > 0) return { basis: 'reported', pages: threads };
  if (tag !== 'D') return { basis: 'assumed', pages: [] };
  return { basis: 'documented', pages: pagesBySection[section] ?? [] };
}
