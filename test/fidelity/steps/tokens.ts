import type { Step } from '../step.js';
import { absentId, applicationId, everything, narrow } from './ids.js';

const introspect = (title: string, status: number, form: Readonly<Record<string, string>>): Step => ({
  title,
  request: 'POST /oauth2/introspect',
  form: { client_id: applicationId, client_secret: '{FUSIONAUTH_CLIENT_SECRET}', ...form },
  status,
});

/** The calls about the token of the previous log-in. */
export const tokens: Step[] = [
  introspect('introspection of a token', 200, { token: '{jwt}', token_type_hint: 'access_token' }),
  introspect('introspection of nonsense', 200, { token: 'nonsense' }),
  introspect('introspection of nothing', 400, {}),
  introspect('introspection with another hint', 400, { token: '{jwt}', token_type_hint: 'id_token' }),
  introspect('introspection with a wrong secret', 401, { token: '{jwt}', client_secret: 'wrong' }),
  {
    title: 'validation of a token',
    request: 'GET /api/jwt/validate',
    authorization: 'Bearer {jwt}',
    status: 200,
  },
  {
    title: 'validation of nonsense',
    request: 'GET /api/jwt/validate',
    authorization: 'Bearer nonsense',
    status: 401,
  },
  { title: 'user info', request: 'GET /oauth2/userinfo', authorization: 'Bearer {jwt}', status: 200 },
  {
    title: 'user info by POST',
    request: 'POST /oauth2/userinfo',
    authorization: 'Bearer {jwt}',
    status: 200,
  },
  {
    title: 'the token endpoint, asked about a token',
    request: 'POST /oauth2/token',
    form: { client_id: applicationId, token: '{jwt}', access_token: '{jwt}' },
    status: 400,
  },
  { title: 'user info of nobody', request: 'GET /oauth2/userinfo', status: 401 },
];

/**
 * Repeats the calls about the token of the log-in, after a change to its user; both calls are documented not to notice.
 */
export const stillAccepted = (happened: string): Step[] => [
  introspect(`introspection after ${happened}`, 200, { token: '{jwt}', token_type_hint: 'access_token' }),
  {
    title: `validation after ${happened}`,
    request: 'GET /api/jwt/validate',
    authorization: 'Bearer {jwt}',
    status: 200,
  },
];

export const sessions: Step[] = [
  {
    title: 'the sessions of a user',
    request: 'GET /api/jwt/refresh?userId={person}',
    authorization: narrow,
    status: 200,
  },
  {
    title: 'an absent session',
    request: `GET /api/jwt/refresh/${absentId}`,
    authorization: narrow,
    status: 404,
  },
  {
    title: 'all sessions of a user are revoked',
    request: 'DELETE /api/jwt/refresh?userId={person}',
    authorization: everything,
    status: 200,
  },
  ...stillAccepted('a revocation'),
  {
    title: 'a refresh by an unknown token',
    request: 'POST /api/jwt/refresh',
    json: { refreshToken: 'unknown-{run}' },
    status: 400,
  },
  { title: 'a log-out without a session', request: 'POST /api/logout', status: 200 },
];
