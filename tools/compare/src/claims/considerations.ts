import { pages, thread } from '../fusionauth-documents.js';
import {
  assumed,
  type Claim,
  depends,
  documented,
  holds,
  isFalse,
  isOutdated,
  isTrue,
  reported,
} from './claim.js';
import { clientCredentials } from './rules.js';

export const optionsClaims: readonly Claim[] = [
  {
    id: 'options/three',
    kind: 'answer',
    says: 'FusionAuth offers three ways to guard an API.',
    about: 'fusionauth',
    verdict: isOutdated(
      'Client credentials between two entities are a fourth. The newest version of the guide puts them first.',
    ),
    facts: [documented('four options, client credentials first', pages.guide)],
    tests: [holds(['client-credentials/local'], 'accepts a valid credential')],
    decision: '0017-client-credentials',
  },
];

export const considerationClaims: readonly Claim[] = [
  {
    id: 'tenants/application-is-simplest',
    kind: 'answer',
    says: 'One application of its own for the API’s users is the simplest; they need no tenant of their own.',
    about: 'gatehouse',
    verdict: isTrue(
      'The kickstart is one tenant with one application. Roles and registration separate the API’s users from others.',
    ),
    tests: [
      holds(['jwt/local', 'email-token'], 'refuses a user who is not registered for the application'),
      holds(['jwt/local'], 'refuses a token that proves registration for another application'),
    ],
  },
  {
    id: 'tenants/same-email',
    kind: 'answer',
    says: 'Separate tenants let several users have one e-mail and different passwords.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.value('tenants', 'same-email', 'email-token') === true
        ? isTrue(
            'One e-mail in two tenants is two users, and the credential of one is refused for the other.',
          )
        : isFalse('The credential of one tenant’s user was accepted for the other’s.'),
    facts: [
      documented('X-FusionAuth-TenantId chooses the tenant where nothing else does', pages.authentication),
    ],
  },
  {
    id: 'tenants/scoped-keys',
    kind: 'answer',
    says: 'Separate tenants allow API keys that are valid in one tenant only, which limits the damage of a leaked one.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.value('tenants', 'foreign-credential', 'api-key') === true
        ? isTrue(
            'A key of another tenant is refused. Binding a key to its tenant needs no second tenant: every key issued here is bound.',
          )
        : isFalse('A key of another tenant was accepted.'),
    facts: [documented('tenantId of a key cannot be changed, and limits what it can reach', pages.apiKeys)],
    tests: [holds(['api-key'], 'refuses a credential of another tenant')],
    decision: '0006-probe-group',
  },
  {
    id: 'best/depends-on-needs',
    kind: 'answer',
    says: 'Which option is best depends on the needs.',
    about: 'gatehouse',
    verdict: (cells) => {
      const modes = ['jwt/local', 'jwt/session', 'api-key', 'email-token'];
      const cheapest = least(modes, (mode) => cells.number('cost', 'cpu-new', mode));
      const simplest = least(modes, (mode) => cells.number('set-up', 'steps', mode));
      return cheapest === simplest && cells.seesInTime('lock-user', cheapest, 0)
        ? isFalse(`${cheapest} is cheapest and simplest, and a lock works.`)
        : isTrue(
            `No mode leads in everything: ${cheapest} costs least for a new credential, ${simplest} takes the fewest steps.`,
          );
    },
  },
  {
    id: 'best/oauth',
    kind: 'answer',
    says: 'OAuth is recommended in general, as the most secure.',
    about: 'fusionauth',
    verdict: isOutdated(
      'The newest version of the guide recommends client credentials, which also yield JWTs and need nobody at set-up, on a paid plan.',
    ),
    facts: [documented('the recommended option is the client credentials grant', pages.guide)],
    decision: '0017-client-credentials',
  },
  {
    id: 'best/interaction-may-not-fit',
    kind: 'answer',
    says: 'Where no user can interact to get the first tokens, OAuth may not fit.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.number('set-up', 'human-steps', 'client-credentials') === 0
        ? isOutdated('Client credentials are an OAuth grant without a user, since 1.26 and on a paid plan.')
        : isTrue('Client credentials took a person here too.'),
    facts: [clientCredentials],
    decision: '0017-client-credentials',
  },
  {
    id: 'rotation/impossible',
    kind: 'answer',
    says: 'One user cannot have several valid credentials, so a new one cannot be issued before the old one expires.',
    about: 'fusionauth',
    verdict: depends(
      'On the credential. It holds for authentication tokens (a registration has one) and for the secret of ' +
        'an entity. One user may have several sessions, and one client several keys; as here, one client may also have two users or entities.',
    ),
    facts: [
      assumed('one token for each registration; a new one replaces the old', pages.registrations),
      reported('an entity has one secret at a time', thread(1361)),
    ],
    tests: [
      {
        file: 'test/e2e/dev-center/life/credentials.spec.ts',
        sentences: [
          'works with the roles and the owner of its client, and so does its successor while both are valid',
        ],
      },
    ],
    decision: '0010-rotation',
  },
  {
    id: 'limits/no-billing-no-throttling',
    kind: 'answer',
    says: 'FusionAuth neither bills nor throttles the requests of an API.',
    about: 'fusionauth',
    verdict: isTrue(
      'It limits log-ins, not the requests of an API. The guard has a budget for each client, REQUESTS_PER_MINUTE.',
    ),
    facts: [
      documented('neither billing nor throttling', pages.guide),
      documented('limits of log-ins, in the Enterprise plan', pages.tenants),
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
