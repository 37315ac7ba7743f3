import { pages } from '../fusionauth-documents.js';
import { assumed, type Claim, depends, documented, holds, isFalse, isTrue } from './claim.js';
import { byShare, loginRecord, withoutPerson } from './rules.js';

const mode = 'email-token';

export const emailTokenClaims: readonly Claim[] = [
  {
    id: 'email-token/no-browser',
    kind: 'strength',
    says: 'Nobody needs a browser to obtain the credential.',
    about: 'gatehouse',
    verdict: withoutPerson(mode),
  },
  {
    id: 'email-token/made-by-program',
    kind: 'strength',
    says: 'The pair of e-mail and token can be generated automatically.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.number('set-up', 'human-steps', mode) === 0
        ? isTrue('One call registers the user and returns the token.')
        : depends('One call registers the user and returns the token, but this set-up needed a person.'),
    facts: [documented('generateAuthenticationToken of a registration', pages.registrations)],
  },
  {
    id: 'email-token/lockable-user',
    kind: 'strength',
    says: 'The credential belongs to a user, so that user management applies to it: lock the account and access is denied.',
    about: 'fusionauth',
    verdict: (cells) => {
      const actions = ['lock-user', 'deactivate-user', 'delete-registration'];
      const missed = actions.filter((action) => !cells.seesInTime(action, mode, 0));
      const seen = actions.filter((action) => !missed.includes(action));
      const because = `Not noticed: ${missed.join(', ')}.`;
      return byShare(seen, actions, {
        all: 'A lock, a deactivation and the deletion of the registration are all noticed.',
        some: because,
        none: because,
      });
    },
    facts: [documented('423 for a deactivated user, 409 for a locked one', pages.login)],
    tests: [
      holds(
        [mode],
        'refuses a locked user once the cache time is over',
        'refuses a deactivated user once the cache time is over',
      ),
    ],
  },
  {
    id: 'email-token/each-use-logged',
    kind: 'strength',
    says: 'Each authentication is recorded and can serve an audit.',
    about: 'fusionauth',
    verdict: (cells) => {
      if (cells.value('set-up', 'audited', mode) !== true) return isFalse('No login record was found.');
      const calls = cells.number('calls', 'calls-1', mode);
      return calls >= 1_000
        ? isTrue('Every request is a log-in, and has a login record.')
        : depends(
            `On the cache time. Each log-in has a record, but the API caches accepted credentials: 1,000 requests of one client make ${calls} log-ins. CREDENTIAL_CACHE_SECONDS=0 makes one for each request; the API’s own log has every request.`,
          );
    },
    facts: [loginRecord],
  },
  {
    id: 'email-token/less-secure-than-oauth',
    kind: 'challenge',
    says: 'Creating and using such a token is less secure than the OAuth grant.',
    about: 'fusionauth',
    verdict: (cells) => {
      const seenSooner =
        cells.seesInTime('lock-user', mode, 0) && !cells.seesInTime('lock-user', 'jwt/local', 0);
      const travels =
        'Every request carries a long-lived secret, in a field that also takes the real password, and anyone who knows the e-mail can lock the user.';
      return seenSooner
        ? depends(
            `${travels} On the other hand, a lock takes effect immediately here, which it does not with tokens that are checked locally.`,
          )
        : isTrue(travels);
    },
    facts: [
      documented('the password field takes the real password and the token', pages.authenticationTokens),
      documented('failed log-ins lock the user, if the tenant is configured so', pages.tenants),
    ],
    tests: [holds([mode], 'refuses the real password in place of the authentication token')],
    decision: '0004-real-password',
  },
  {
    id: 'email-token/no-automatic-expiry',
    kind: 'challenge',
    says: 'Authentication tokens do not expire by themselves.',
    about: 'fusionauth',
    verdict: isTrue(
      'FusionAuth gives them no expiry. The Dev Center writes one into the registration, and the API enforces it.',
    ),
    facts: [assumed('the registration has no field for the expiry of a token', pages.registrations)],
    tests: [
      {
        file: 'test/e2e/dev-center/life/credentials.spec.ts',
        sentences: ['expires by itself if an expiry was set'],
      },
    ],
  },
  {
    id: 'email-token/api-only',
    kind: 'challenge',
    says: 'Only the API creates the tokens; the administrative pages cannot.',
    about: 'fusionauth',
    verdict: isTrue(
      'Only the API creates them. Here one command does: npm run credentials -- issue --strategy email-token.',
    ),
    facts: [documented('by API only, not in the user interface', pages.authenticationTokens)],
  },
  {
    id: 'email-token/three-statuses',
    kind: 'advice',
    says: 'The Login API answers 200 for accepted, 202 for not registered, 404 for wrong.',
    about: 'fusionauth',
    verdict: isFalse(
      'It documents four more in the 2xx (203, 212, 213, 242), and 409, 410 and 423. Only 200 is a log-in; a client that takes any 2xx for one admits the other five.',
    ),
    facts: [documented('the table of its statuses', pages.login)],
    tests: [holds([mode], 'treats every status of the Login API but 200 by its meaning')],
    decision: '0003-login-statuses',
  },
];
