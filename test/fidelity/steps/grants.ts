import type { Step } from '../step.js';
import { absentId, applicationId } from './ids.js';

const token = (title: string, form: Record<string, string>, status = 400): Step => ({
  title,
  request: 'POST /oauth2/token',
  form,
  status,
});

/** Grants that must be refused; successful ones need a browser. */
export const refusedGrants: Step[] = [
  token('a token without a grant', { client_id: applicationId }),
  token('a token for nobody', { grant_type: 'authorization_code', code: 'x' }),
  token(
    'a token for an unknown client',
    { grant_type: 'refresh_token', client_id: absentId, refresh_token: 'x' },
    401,
  ),
  token('a token for an unknown grant', { grant_type: 'unheard-of', client_id: applicationId }),
  token('a token for an unknown code', {
    grant_type: 'authorization_code',
    client_id: applicationId,
    client_secret: '{FUSIONAUTH_CLIENT_SECRET}',
    redirect_uri: 'http://127.0.0.1:3001/callback',
    code: 'unknown',
    code_verifier: 'a-verifier-of-at-least-forty-three-characters',
  }),
  token('a token for an unknown refresh token', {
    grant_type: 'refresh_token',
    client_id: applicationId,
    client_secret: '{FUSIONAUTH_CLIENT_SECRET}',
    refresh_token: 'unknown',
  }),
  token(
    'a wrong client secret',
    { grant_type: 'refresh_token', client_id: applicationId, client_secret: 'wrong', refresh_token: 'x' },
    401,
  ),
];
