import { type Claim, holds } from './claim.js';

export const considerationClaims: readonly Claim[] = [
  {
    id: 'options/three',
    part: 'options',
    kind: 'answer',
    says: 'FusionAuth offers three ways to guard an API.',
    about: 'fusionauth',
    verdict: {
      verdict: 'outdated',
      because:
        'Client credentials between two entities are a fourth. The newest version of the guide puts it first.',
    },
    facts: [
      { section: '17 The guide, old and new', tag: 'D', says: 'four options, client credentials first' },
    ],
    tests: [holds(['client-credentials/local'], 'accepts a valid credential')],
    decision: '0017-client-credentials',
  },
  {
    id: 'tenants/application-is-simplest',
    part: 'considerations',
    kind: 'answer',
    says: 'One application of its own for the API’s users is the simplest; they need no tenant of their own.',
    about: 'gatehouse',
    verdict: {
      verdict: 'true',
      because:
        'The kickstart is one tenant with one application. Roles and registration separate the API’s users from others.',
    },
    tests: [
      holds(['jwt/local', 'email-token'], 'refuses a user who is not registered for the application'),
      holds(['jwt/local'], 'refuses a token that proves registration for another application'),
    ],
  },
  {
    id: 'tenants/same-email',
    part: 'considerations',
    kind: 'answer',
    says: 'Separate tenants let several users have one e-mail and different passwords.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.value('tenants', 'same-email', 'email-token') === true
        ? {
            verdict: 'true',
            because:
              'One e-mail in two tenants is two users, and the credential of one is refused for the other.',
          }
        : { verdict: 'false', because: 'The credential of one tenant’s user was taken for the other’s.' },
    facts: [
      {
        section: '2 Conventions',
        tag: 'D',
        says: 'X-FusionAuth-TenantId chooses the tenant where nothing else does',
      },
    ],
  },
  {
    id: 'tenants/scoped-keys',
    part: 'considerations',
    kind: 'answer',
    says: 'Separate tenants allow API keys that are good in one tenant only, which limits what a leaked one can do.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.value('tenants', 'foreign-credential', 'api-key') === true
        ? {
            verdict: 'true',
            because:
              'A key of another tenant is refused. A key needs no second tenant to be bound to one: every key issued here is.',
          }
        : { verdict: 'false', because: 'A key of another tenant was accepted.' },
    facts: [
      {
        section: '9 API keys',
        tag: 'D',
        says: 'tenantId of a key cannot be changed, and bounds what it reaches',
      },
    ],
    tests: [holds(['api-key'], 'refuses a credential of another tenant')],
    decision: '0006-probe-group',
  },
  {
    id: 'best/depends-on-needs',
    part: 'considerations',
    kind: 'answer',
    says: 'Which option is best depends on the needs.',
    about: 'gatehouse',
    verdict: (cells) => {
      const modes = ['jwt/local', 'jwt/session', 'api-key', 'email-token'];
      const cheapest = least(modes, (mode) => cells.number('cost', 'cpu-new', mode));
      const simplest = least(modes, (mode) => cells.number('set-up', 'steps', mode));
      return cheapest === simplest && cells.seesInTime('lock-user', cheapest, 0)
        ? { verdict: 'false', because: `${cheapest} is cheapest and simplest, and a lock works.` }
        : {
            verdict: 'true',
            because: `No mode leads in everything: ${cheapest} costs least for a new credential, ${simplest} takes the fewest steps.`,
          };
    },
  },
  {
    id: 'best/oauth',
    part: 'considerations',
    kind: 'answer',
    says: 'OAuth is recommended in general, as the most secure.',
    about: 'fusionauth',
    verdict: {
      verdict: 'outdated',
      because:
        'The newest version of the guide recommends client credentials, which also yield JWTs and need nobody at set-up, on a paid plan.',
    },
    facts: [
      {
        section: '17 The guide, old and new',
        tag: 'D',
        says: '“best option” moved to the client credentials grant',
      },
    ],
    decision: '0017-client-credentials',
  },
  {
    id: 'best/interaction-may-not-fit',
    part: 'considerations',
    kind: 'answer',
    says: 'Where no user can interact to get the first tokens, OAuth may not fit.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.number('set-up', 'human-steps', 'client-credentials') === 0
        ? {
            verdict: 'outdated',
            because: 'Client credentials are an OAuth grant without a user, since 1.26 and on a paid plan.',
          }
        : { verdict: 'true', because: 'Client credentials took a person here too.' },
    facts: [
      {
        section: '14 Hosted backend, entities, newer features',
        tag: 'D',
        says: 'client credentials between two entities, since 1.26, paid',
      },
    ],
    decision: '0017-client-credentials',
  },
  {
    id: 'rotation/impossible',
    part: 'considerations',
    kind: 'answer',
    says: 'Several valid credentials of one user, to hand out a new one before the old one ends, are not possible.',
    about: 'fusionauth',
    verdict: {
      verdict: 'depends',
      because:
        'On the credential. It holds for authentication tokens (a registration has one) and for the secret of ' +
        'an entity. One user may have several sessions and one client several keys; and two users or entities may be one client’s, as here.',
    },
    facts: [
      {
        section: '11 Authentication Tokens',
        tag: 'I',
        says: 'one for each registration; a new one ends the old',
      },
      { section: '14 Hosted backend, entities, newer features', tag: '#1361', says: 'one secret at a time' },
    ],
    tests: [
      {
        file: 'test/e2e/dev-center/life/credentials.spec.ts',
        sentences: [
          'works with the roles and the owner of its client, and so does its successor while both are in force',
        ],
      },
    ],
    decision: '0010-rotation',
  },
  {
    id: 'limits/no-billing-no-throttling',
    part: 'considerations',
    kind: 'answer',
    says: 'FusionAuth neither bills nor throttles the requests of an API.',
    about: 'fusionauth',
    verdict: {
      verdict: 'true',
      because:
        'It limits log-ins, not an API’s requests. The guard has a budget for each client, REQUESTS_PER_MINUTE.',
    },
    facts: [
      {
        section: '15 Limits and monitoring',
        tag: 'D',
        says: 'no throttling of API requests; limits of log-ins in the Enterprise plan',
      },
    ],
    tests: [
      holds(
        ['jwt/local', 'api-key', 'email-token'],
        'reports a client’s remaining requests, and refuses those beyond its limit',
      ),
    ],
  },
];

const least = (modes: readonly string[], of: (mode: string) => number): string =>
  modes.reduce((best, mode) => (of(mode) < of(best) ? mode : best));
