import type { Step } from './step.js';

const applicationId = 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c';
const tenantId = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
const probeGroupId = 'c3e2d1f0-9b8a-4766-8554-433221100ffe';
const absentId = '00000000-0000-4000-8000-000000000000';

const everything = '{FUSIONAUTH_BOOTSTRAP_KEY}';
const manager = '{FUSIONAUTH_MANAGER_KEY}';
const narrow = '{FUSIONAUTH_API_KEY}';

const publicDocuments: Step[] = [
  { title: 'discovery', request: 'GET /.well-known/openid-configuration', status: 200 },
  {
    title: 'discovery of a tenant',
    request: `GET /${tenantId}/.well-known/openid-configuration`,
    status: 200,
  },
  { title: 'the key set', request: 'GET /.well-known/jwks.json', status: 200 },
  { title: 'the status, anonymously', request: 'GET /api/status', status: 200 },
  {
    title: 'the log-in page',
    request:
      `GET /oauth2/authorize?client_id=${applicationId}&response_type=code&scope=openid&state=x` +
      '&redirect_uri=http%3A%2F%2F127.0.0.1%3A3001%2Fcallback' +
      '&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256',
    status: 200,
  },
];

const token = (title: string, form: Record<string, string>, status = 400): Step => ({
  title,
  request: 'POST /oauth2/token',
  form,
  status,
});

const refusedGrants: Step[] = [
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

const people: Step[] = [
  {
    title: 'a user is created',
    request: 'POST /api/user/{person}',
    authorization: everything,
    headers: { 'X-FusionAuth-TenantId': tenantId },
    json: {
      user: {
        email: 'fidelity-{run}@example.com',
        password: 'password of {run}',
        fullName: 'Fidelity',
        timezone: 'America/Argentina/Buenos_Aires',
        data: { text: 'a', number: 1, list: [true] },
      },
    },
    status: 200,
  },
  {
    title: 'a user with an address that is taken',
    request: 'POST /api/user',
    authorization: everything,
    headers: { 'X-FusionAuth-TenantId': tenantId },
    json: { user: { email: 'fidelity-{run}@example.com', password: 'password of {run}' } },
    status: 400,
  },
  {
    title: 'a user with a short password and no address',
    request: 'POST /api/user',
    authorization: everything,
    headers: { 'X-FusionAuth-TenantId': tenantId },
    json: { user: { password: 'short' } },
    status: 400,
  },
  { title: 'a user by id', request: 'GET /api/user/{person}', authorization: narrow, status: 200 },
  {
    title: 'a user by address',
    request: 'GET /api/user?email=fidelity-{run}@example.com',
    authorization: everything,
    headers: { 'X-FusionAuth-TenantId': tenantId },
    status: 200,
  },
  { title: 'an absent user', request: `GET /api/user/${absentId}`, authorization: everything, status: 404 },
  { title: 'a user, without a key', request: 'GET /api/user/{person}', status: 401 },
  {
    title: 'a user, with a key behind Bearer',
    request: 'GET /api/user/{person}',
    authorization: `Bearer ${everything}`,
    status: 401,
  },
  {
    title: 'what the narrow key may not do',
    request: 'DELETE /api/user/{person}',
    authorization: narrow,
    status: 401,
  },
  {
    title: 'a user is patched',
    request: 'PATCH /api/user/{person}',
    authorization: everything,
    json: { user: { firstName: 'Fi' } },
    status: 200,
  },
];

const registrations: Step[] = [
  {
    title: 'a registration with an authentication token',
    request: 'POST /api/user/registration/{person}',
    authorization: everything,
    json: { registration: { applicationId, roles: ['todo-reader'] }, generateAuthenticationToken: true },
    learn: { authenticationToken: 'registration.authenticationToken' },
    status: 200,
  },
  {
    title: 'a registration with an unknown role',
    request: 'PUT /api/user/registration/{person}',
    authorization: everything,
    json: { registration: { applicationId, roles: ['unheard-of'] } },
    status: 400,
  },
  {
    title: 'a registration',
    request: `GET /api/user/registration/{person}/${applicationId}`,
    authorization: everything,
    status: 200,
  },
  {
    title: 'an absent registration',
    request: `GET /api/user/registration/{person}/${absentId}`,
    authorization: everything,
    status: 404,
  },
];

const keysAndGroups: Step[] = [
  {
    title: 'the probe group',
    request: `GET /api/group/${probeGroupId}`,
    authorization: narrow,
    status: 200,
  },
  { title: 'an absent group', request: `GET /api/group/${absentId}`, authorization: narrow, status: 404 },
  {
    title: 'a group, with an unknown key',
    request: `GET /api/group/${probeGroupId}`,
    authorization: 'unknown-{run}',
    status: 401,
  },
  {
    title: 'an API key for the probe alone',
    request: 'POST /api/api-key/{key}',
    authorization: manager,
    json: {
      apiKey: {
        tenantId,
        permissions: { endpoints: { '/api/group': ['GET'] } },
        metaData: { attributes: { description: 'Fidelity {run}' } },
      },
    },
    status: 200,
  },
  { title: 'an API key by id', request: 'GET /api/api-key/{key}', authorization: manager, status: 200 },
  {
    title: 'an API key, asked for by a key that is no manager',
    request: 'GET /api/api-key/{key}',
    authorization: narrow,
    status: 401,
  },
  {
    title: 'an API key is deleted',
    request: 'DELETE /api/api-key/{key}',
    authorization: manager,
    status: 200,
  },
  {
    title: 'the application',
    request: `GET /api/application/${applicationId}`,
    authorization: everything,
    status: 200,
  },
];

const farewell: Step[] = [
  {
    title: 'a registration is deleted',
    request: `DELETE /api/user/registration/{person}/${applicationId}`,
    authorization: everything,
    status: 200,
  },
  {
    title: 'a user is deleted',
    request: 'DELETE /api/user/{person}?hardDelete=true',
    authorization: everything,
    status: 200,
  },
];

/**
 * Requests that a real FusionAuth and the sandbox are both asked, in order, with the status that FusionAuth documents.
 * They make their own user, group and key, and remove them. To cover an operation, add a step.
 */
export const conversation: readonly Step[] = [
  ...publicDocuments,
  ...refusedGrants,
  ...people,
  ...registrations,
  ...keysAndGroups,
  ...farewell,
];
