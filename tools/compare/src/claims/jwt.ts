import { type Claim, holds } from './claim.js';
import { byShare, fasterBecauseLocal, local, noContact, remote } from './jwt-rules.js';

export const jwtClaims: readonly Claim[] = [
  {
    id: 'jwt/standard',
    part: 'jwt',
    kind: 'strength',
    says: 'OAuth is a standard that many developers know, and libraries exist that parse and validate JWTs.',
    about: 'gatehouse',
    verdict: {
      verdict: 'true',
      because:
        'A token is verified here by Node’s own crypto or by a general library, and both keep the same contract. ' +
        'Issuer, audience and algorithms are the user’s to configure in the library; to tell an access token from an ' +
        'ID token, and to know the tenant and the registration, is left to the application.',
    },
    tests: [holds([local], 'accepts a valid credential', 'refuses an ID token in place of an access token')],
    sources: [
      {
        title: 'passport-jwt, README',
        url: 'https://github.com/mikenicholson/passport-jwt#readme',
        says: 'issuer, audience and algorithms are options',
      },
    ],
    decision: '0012-id-tokens',
  },
  {
    id: 'jwt/as-large-providers-do',
    part: 'jwt',
    kind: 'strength',
    says: 'Large providers ask for much the same flow before they open their APIs.',
    about: 'gatehouse',
    verdict: {
      verdict: 'true',
      because:
        'Their documents describe the authorization code grant. What their tokens look like inside differs.',
    },
    sources: [
      {
        title: 'Google, Using OAuth 2.0 to Access Google APIs',
        url: 'https://developers.google.com/identity/protocols/oauth2',
        says: 'a user consents, the application exchanges a code for tokens and refreshes them',
      },
    ],
  },
  {
    id: 'jwt/carries-roles',
    part: 'jwt',
    kind: 'strength',
    says: 'The token can carry further information, such as roles.',
    about: 'fusionauth',
    verdict: (cells) => ({
      verdict: 'true',
      because: cells.seesInTime('remove-role', local, 0)
        ? 'Roles are in the token, and a role that is taken away is noticed before the token expires.'
        : 'Roles are in the token, as they were when it was issued: a role that is taken away stays until the token expires.',
    }),
    facts: [
      {
        section: '6 Token anatomy',
        tag: 'D',
        says: 'access tokens of registered users carry applicationId and roles',
      },
    ],
    tests: [holds([local], 'passes on the principal: kind, strategy and roles')],
  },
  {
    id: 'jwt/no-contact',
    part: 'jwt',
    kind: 'strength',
    says: 'The API can check a token without contacting FusionAuth.',
    about: 'gatehouse',
    verdict: noContact,
    tests: [holds([local], 'calls FusionAuth once for fifty simultaneous requests')],
  },
  {
    id: 'jwt/fast-because-local',
    part: 'jwt',
    kind: 'strength',
    says: 'Checking locally helps performance, because it saves network calls.',
    about: 'gatehouse',
    verdict: fasterBecauseLocal,
  },
  {
    id: 'jwt/lockable-user',
    part: 'jwt',
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
      {
        section: '7 Remote checks',
        tag: 'D',
        says: 'the record of the user and its actions show a lock; signature checks do not',
      },
    ],
    tests: [holds(['jwt/session'], 'refuses a locked user once the trust time is over')],
    decision: '0002-introspection-and-log-out',
  },
  {
    id: 'jwt/token-endpoint-checks',
    part: 'jwt',
    kind: 'advice',
    says: 'The API can have a token checked by the token endpoint, and should where revocation matters.',
    about: 'fusionauth',
    verdict: {
      verdict: 'false',
      because:
        'The token endpoint exchanges grants for tokens. Checks are POST /oauth2/introspect and GET /api/jwt/validate.',
    },
    facts: [
      { section: '1 Ten facts, item 1', tag: 'D', says: '/oauth2/token does not check a token' },
      { section: '7 Remote checks', tag: 'D', says: 'introspection and validation are the checks' },
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
    part: 'jwt',
    kind: 'strength',
    says: 'An API that asks FusionAuth about the token, instead of reading its claims, notices a revocation.',
    about: 'fusionauth',
    verdict: (cells) => {
      const seen = remote.filter((mode) => cells.seesInTime('revoke-refresh-token', mode, 0));
      return byShare(seen, remote, {
        all: 'Introspection and the look at the session both notice.',
        some: `Not every question is the right one: ${seen.join(' and ')} notices, the other does not before the token expires.`,
        none: 'Neither introspection nor the look at the session notices before the token expires.',
      });
    },
    facts: [
      {
        section: '1 Ten facts, item 2',
        tag: '#979 #1013 #123',
        says: 'neither introspection nor validation is documented to notice a log-out or a lock',
      },
      {
        section: '1 Ten facts, item 3',
        tag: 'D',
        says: 'the record of the session is gone once the refresh token is revoked',
      },
    ],
    tests: [holds(['jwt/session'], 'refuses a revoked credential once the trust time is over')],
    decision: '0002-introspection-and-log-out',
  },
  {
    id: 'jwt/log-ins-logged',
    part: 'jwt',
    kind: 'strength',
    says: 'Log-ins are recorded and can serve an audit.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.value('set-up', 'audited', local) === true
        ? {
            verdict: 'true',
            because:
              'The log-in is in the login records: one for each grant, none for the requests made with its tokens.',
          }
        : { verdict: 'false', because: 'No login record was found for the log-in.' },
    facts: [{ section: '10 Login API', tag: 'D', says: 'a successful log-in writes a login record' }],
  },
  {
    id: 'jwt/complex-to-gather',
    part: 'jwt',
    kind: 'challenge',
    says: 'Credentials take more to obtain than with the other options.',
    about: 'gatehouse',
    verdict: (cells) => {
      const count = (row: string, mode: string) => cells.number('set-up', row, mode);
      const others = ['api-key', 'email-token'];
      const own = count('steps', local);
      const harder = others.filter((mode) => own > count('steps', mode));
      const because = `${stepsOf(local)}; with ${others.map((mode) => `${mode} ${stepsOf(mode)}`).join(', with ')}.`;
      return byShare(harder, others, { all: because, some: because, none: because });

      function stepsOf(mode: string): string {
        const steps = count('steps', mode);
        return `${steps} ${steps === 1 ? 'step' : 'steps'}, ${count('human-steps', mode)} a person’s`;
      }
    },
  },
  {
    id: 'jwt/human-at-set-up',
    part: 'jwt',
    kind: 'challenge',
    says: 'A person has to be there for the first grant.',
    about: 'fusionauth',
    verdict: (cells) => {
      const human = (mode: string) => cells.number('set-up', 'human-steps', mode) > 0;
      if (!human(local)) return { verdict: 'false', because: 'The grant was completed without a person.' };
      return human('client-credentials')
        ? { verdict: 'true', because: 'Somebody has to log in once.' }
        : {
            verdict: 'depends',
            because:
              'Somebody logs in once for a token of a user. Client credentials give a JWT to a machine without anybody, on a paid plan.',
          };
    },
    facts: [
      {
        section: '14 Hosted backend, entities, newer features',
        tag: 'D',
        says: 'client credentials between two entities, since 1.26, paid',
      },
    ],
    decision: '0017-client-credentials',
  },
];
