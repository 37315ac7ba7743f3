import { pages, thread } from '../fusionauth-documents.js';
import { type Claim, depends, documented, holds, isFalse, isTrue, reported } from './claim.js';
import {
  byShare,
  clientCredentials,
  fasterBecauseLocal,
  local,
  loginRecord,
  noContact,
  remote,
} from './rules.js';

export const jwtClaims: readonly Claim[] = [
  {
    id: 'jwt/standard',
    kind: 'strength',
    says: 'OAuth is a standard that many developers know, and libraries exist that parse and validate JWTs.',
    about: 'gatehouse',
    verdict: isTrue(
      'A token is verified here by Node’s own crypto or by a general library, and both satisfy the same contract. ' +
        'The user configures issuer, audience and algorithms in the library. To distinguish access tokens from ID ' +
        'tokens, and to check the tenant and the registration, is left to the application.',
    ),
    facts: [
      documented('issuer, audience and algorithms are options', {
        title: 'passport-jwt, README',
        url: 'https://github.com/mikenicholson/passport-jwt#readme',
      }),
    ],
    tests: [holds([local], 'accepts a valid credential', 'refuses an ID token in place of an access token')],
    decision: '0012-id-tokens',
  },
  {
    id: 'jwt/as-large-providers-do',
    kind: 'strength',
    says: 'Large providers ask for much the same flow before they open their APIs.',
    about: 'gatehouse',
    verdict: isTrue(
      'Their documents describe the authorization code grant. The contents of their tokens differ.',
    ),
    facts: [
      documented('a user consents, the application exchanges a code for tokens and refreshes them', {
        title: 'Google, Using OAuth 2.0 to Access Google APIs',
        url: 'https://developers.google.com/identity/protocols/oauth2',
      }),
    ],
  },
  {
    id: 'jwt/carries-roles',
    kind: 'strength',
    says: 'The token can carry further information, such as roles.',
    about: 'fusionauth',
    verdict: (cells) =>
      isTrue(
        cells.seesInTime('remove-role', local, 0)
          ? 'Roles are in the token, and the removal of a role is noticed before the token expires.'
          : 'Roles are in the token, as they were when it was issued: a removed role stays until the token expires.',
      ),
    facts: [documented('access tokens of registered users carry applicationId and roles', pages.oauthTokens)],
    tests: [holds([local], 'passes on the principal: kind, strategy and roles')],
  },
  {
    id: 'jwt/no-contact',
    kind: 'strength',
    says: 'The API can check a token without contacting FusionAuth.',
    about: 'gatehouse',
    verdict: noContact,
    tests: [holds([local], 'calls FusionAuth once for fifty simultaneous requests')],
  },
  {
    id: 'jwt/fast-because-local',
    kind: 'strength',
    says: 'Checking locally helps performance, because it saves network calls.',
    about: 'gatehouse',
    verdict: fasterBecauseLocal,
  },
  {
    id: 'jwt/lockable-user',
    kind: 'strength',
    says: 'The credential belongs to a user, so that user management applies to it: lock the account and access is denied.',
    about: 'fusionauth',
    verdict: (cells) => {
      const modes = [local, ...remote, ...(cells.has('jwt/local+push') ? ['jwt/local+push'] : [])];
      const seen = modes.filter((mode) => cells.seesInTime('lock-user', mode, 0));
      return byShare(seen, modes, {
        all: 'A locked user loses access before the token expires, in every mode of JWTs.',
        some: `A lock is noticed before the token expires with ${seen.join(' and ')}; elsewhere the token works until then.`,
        none: 'No mode of JWTs notices a lock before the token expires.',
      });
    },
    facts: [
      documented('the record of a user, and its actions, show a lock', pages.users, pages.locks),
      documented('the validation of a JWT checks its signature and expiry', pages.refreshTokens),
    ],
    tests: [holds(['jwt/session'], 'refuses a locked user once the cache time is over')],
    decision: '0002-introspection-and-log-out',
  },
  {
    id: 'jwt/token-endpoint-checks',
    kind: 'advice',
    says: 'The API can have a token checked by the token endpoint, and should where revocation matters.',
    about: 'fusionauth',
    verdict: isFalse(
      'The token endpoint exchanges grants for tokens. Checks are POST /oauth2/introspect and GET /api/jwt/validate.',
    ),
    facts: [
      documented('/oauth2/token exchanges a grant for tokens; introspection is a check', pages.oauth),
      documented('validation is the other check', pages.refreshTokens),
    ],
    tests: [
      {
        file: 'test/fidelity/steps/tokens.ts',
        sentences: ['the token endpoint, asked about a token'],
      },
    ],
    decision: '0001-token-endpoint',
  },
  {
    id: 'jwt/remote-check-sees-revocation',
    kind: 'strength',
    says: 'An API that asks FusionAuth about the token, instead of reading its claims, notices a revocation.',
    about: 'fusionauth',
    verdict: (cells) => {
      const seen = remote.filter((mode) => cells.seesInTime('revoke-refresh-token', mode, 0));
      return byShare(seen, remote, {
        all: 'Introspection and the check of the session both notice.',
        some: `It depends on the check: ${seen.join(' and ')} notices, the other does not before the token expires.`,
        none: 'Neither introspection nor the check of the session notices before the token expires.',
      });
    },
    facts: [
      reported(
        'neither introspection nor validation notices a log-out or a lock',
        thread(979),
        thread(1013),
        thread(123),
      ),
      documented('the record of the session is gone once the refresh token is revoked', pages.refreshTokens),
    ],
    tests: [holds(['jwt/session'], 'refuses a revoked credential once the cache time is over')],
    decision: '0002-introspection-and-log-out',
  },
  {
    id: 'jwt/log-ins-logged',
    kind: 'strength',
    says: 'Log-ins are recorded and can serve an audit.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.value('set-up', 'audited', local) === true
        ? isTrue(
            'The log-in is in the login records: one for each grant, none for the requests made with its tokens.',
          )
        : isFalse('No login record was found for the log-in.'),
    facts: [loginRecord],
  },
  {
    id: 'jwt/complex-to-gather',
    kind: 'challenge',
    says: 'Credentials take more to obtain than with the other options.',
    about: 'gatehouse',
    verdict: (cells) => {
      const count = (row: string, mode: string) => cells.number('set-up', row, mode);
      const stepsOf = (mode: string) => {
        const steps = count('steps', mode);
        return `${steps} ${steps === 1 ? 'step' : 'steps'}, ${count('human-steps', mode)} by a person`;
      };
      const others = ['api-key', 'email-token'];
      const harder = others.filter((mode) => count('steps', local) > count('steps', mode));
      const because = `${stepsOf(local)}; with ${others.map((mode) => `${mode} ${stepsOf(mode)}`).join(', with ')}.`;
      return byShare(harder, others, { all: because, some: because, none: because });
    },
  },
  {
    id: 'jwt/human-at-set-up',
    kind: 'challenge',
    says: 'A person must be present for the first grant.',
    about: 'fusionauth',
    verdict: (cells) => {
      const human = (mode: string) => cells.number('set-up', 'human-steps', mode) > 0;
      if (!human(local)) return isFalse('The grant was completed without a person.');
      return human('client-credentials')
        ? isTrue('Somebody has to log in once.')
        : depends(
            'Somebody logs in once for a token of a user. Client credentials give a JWT to a machine without a person, on a paid plan.',
          );
    },
    facts: [clientCredentials],
    decision: '0017-client-credentials',
  },
];
