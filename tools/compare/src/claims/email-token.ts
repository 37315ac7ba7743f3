import { type Claim, holds } from './claim.js';

const mode = 'email-token';

export const emailTokenClaims: readonly Claim[] = [
  {
    id: 'email-token/no-browser',
    part: 'email-token',
    kind: 'strength',
    says: 'Nobody needs a browser to obtain the credential.',
    about: 'gatehouse',
    verdict: (cells) => {
      const human = cells.number('set-up', 'human-steps', mode);
      return human === 0
        ? { verdict: 'true', because: 'It was made from start to finish by program.' }
        : { verdict: 'depends', because: `Of its steps ${human} are a person’s.` };
    },
  },
  {
    id: 'email-token/made-by-program',
    part: 'email-token',
    kind: 'strength',
    says: 'The pair of e-mail and token can be generated automatically.',
    about: 'fusionauth',
    verdict: (cells) => ({
      verdict: cells.number('set-up', 'human-steps', mode) === 0 ? 'true' : 'depends',
      because: 'One call registers the user and returns the token.',
    }),
    facts: [
      {
        section: '11 Authentication Tokens',
        tag: 'D',
        says: 'generateAuthenticationToken of a registration',
      },
    ],
  },
  {
    id: 'email-token/lockable-user',
    part: 'email-token',
    kind: 'strength',
    says: 'The credential belongs to a user, so that user management applies to it: lock the account and access is denied.',
    about: 'fusionauth',
    verdict: (cells) => {
      const actions = ['lock-user', 'deactivate-user', 'delete-registration'];
      const missed = actions.filter((action) => !cells.seesInTime(action, mode, 0));
      if (missed.length === 0) {
        return {
          verdict: 'true',
          because: 'A lock, a deactivation and the end of the registration are all noticed.',
        };
      }
      const verdict = missed.length === actions.length ? 'false' : 'depends';
      return { verdict, because: `Not noticed: ${missed.join(', ')}.` };
    },
    facts: [{ section: '10 Login API', tag: 'D', says: '423 for a deactivated user, 409 for a locked one' }],
    tests: [
      holds(
        [mode],
        'refuses a locked user once the trust time is over',
        'refuses a deactivated user once the trust time is over',
      ),
    ],
  },
  {
    id: 'email-token/each-use-logged',
    part: 'email-token',
    kind: 'strength',
    says: 'Each authentication is recorded and can serve an audit.',
    about: 'fusionauth',
    verdict: (cells) => {
      if (cells.value('set-up', 'audited', mode) !== true)
        return { verdict: 'false', because: 'No login record was found.' };
      const calls = cells.number('calls', 'calls-1', mode);
      return calls >= 1_000
        ? { verdict: 'true', because: 'Every request is a log-in, and has a login record.' }
        : {
            verdict: 'depends',
            because: `On the trust time. Each log-in has a record, but an acceptance is remembered: one busy client makes ${calls} log-ins in 1,000 requests. Set CREDENTIAL_CACHE_SECONDS=0 to have one for each; the API’s own log has them all.`,
          };
    },
    facts: [{ section: '10 Login API', tag: 'D', says: 'a successful log-in writes a login record' }],
  },
  {
    id: 'email-token/less-secure-than-oauth',
    part: 'email-token',
    kind: 'challenge',
    says: 'Making and using such a token is less secure than the OAuth grant.',
    about: 'fusionauth',
    verdict: (cells) => {
      const seenSooner =
        cells.seesInTime('lock-user', mode, 0) && !cells.seesInTime('lock-user', 'jwt/local', 0);
      const travels =
        'One long-lived secret travels with every request, in a field that takes the real password too, and anyone who knows the e-mail can lock it out.';
      return seenSooner
        ? {
            verdict: 'depends',
            because: `${travels} A lock, on the other hand, works at once here and not with tokens that are checked locally.`,
          }
        : { verdict: 'true', because: travels };
    },
    facts: [
      {
        section: '1 Ten facts, item 7',
        tag: 'D',
        says: 'the password field takes the real password and the token',
      },
      { section: '12 Users, registrations, locks', tag: 'C', says: 'failed log-ins lock the user' },
    ],
    tests: [holds([mode], 'refuses the real password in place of the authentication token')],
    decision: '0004-real-password',
  },
  {
    id: 'email-token/no-automatic-expiry',
    part: 'email-token',
    kind: 'challenge',
    says: 'Authentication tokens do not expire by themselves.',
    about: 'fusionauth',
    verdict: {
      verdict: 'true',
      because:
        'FusionAuth knows no end for them. The Dev Center writes one into the registration and the API holds to it.',
    },
    facts: [{ section: '11 Authentication Tokens', tag: 'I', says: 'the schema has no expiry for a token' }],
    tests: [
      {
        file: 'test/e2e/dev-center/life/credentials.spec.ts',
        sentences: ['expires by itself when asked to'],
      },
    ],
  },
  {
    id: 'email-token/api-only',
    part: 'email-token',
    kind: 'challenge',
    says: 'The tokens are made through the API; the administrative pages cannot.',
    about: 'fusionauth',
    verdict: {
      verdict: 'true',
      because:
        'Only the API makes them. Here one command does: npm run credentials -- issue --strategy email-token.',
    },
    facts: [{ section: '11 Authentication Tokens', tag: 'D', says: 'API only, not in the user interface' }],
  },
  {
    id: 'email-token/three-statuses',
    part: 'email-token',
    kind: 'advice',
    says: 'The Login API answers 200 for accepted, 202 for not registered, 404 for wrong.',
    about: 'fusionauth',
    verdict: {
      verdict: 'false',
      because:
        'It documents four more in the 2xx (203, 212, 213, 242), and 409, 410 and 423. Only 200 is a log-in; a client that takes any 2xx for one lets the other five in.',
    },
    facts: [{ section: '10 Login API', tag: 'D', says: 'the table of its statuses' }],
    tests: [holds([mode], 'treats every status of the Login API but 200 by its meaning')],
    decision: '0003-login-statuses',
  },
];
