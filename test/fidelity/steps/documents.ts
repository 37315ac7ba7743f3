import type { Step } from '../step.js';
import { applicationId, tenantId } from './ids.js';

/** The documents that FusionAuth publishes. */
export const publicDocuments: Step[] = [
  { title: 'discovery', request: 'GET /.well-known/openid-configuration', status: 200 },
  {
    title: 'discovery of a tenant',
    request: `GET /${tenantId}/.well-known/openid-configuration`,
    status: 200,
  },
  { title: 'the key set', request: 'GET /.well-known/jwks.json', status: 200 },
  {
    title: 'the public key of an application',
    request: `GET /api/jwt/public-key?applicationId=${applicationId}`,
    status: 200,
  },
  { title: 'a public key that nobody has', request: 'GET /api/jwt/public-key?kid=nobody', status: 404 },
  { title: 'the status, anonymously', request: 'GET /api/status', status: 200 },
  {
    title: 'the log-in page',
    request:
      `GET /oauth2/authorize?client_id=${applicationId}&response_type=code&scope=openid&state=x` +
      '&redirect_uri=http%3A%2F%2F127.0.0.1%3A3001%2Fcallback' +
      '&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256',
    status: 200,
  },
  {
    title: 'the log-in page for nobody',
    request: 'GET /oauth2/authorize?client_id=nobody&response_type=code',
    headers: { accept: 'text/html' },
    status: 400,
  },
  { title: 'a log-out', request: `GET /oauth2/logout?client_id=${applicationId}`, status: 302 },
];
