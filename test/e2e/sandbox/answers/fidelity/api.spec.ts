import { decodeJwt } from 'jose';
import {
  adaId,
  api,
  applicationId,
  call,
  probeGroupId,
  requestToken,
  tenantId,
} from '../../started-sandbox.js';
import { login, patchAda, sandbox } from '../ground.js';

const isEmpty = (status: number) => ({ status, text: '' });

describe('FusionAuth’s API', () => {
  it('401, 404, 410 and 423 have empty bodies', async () => {
    const unkeyed = { authorization: '' };
    expect(await call(sandbox, 'GET', `/api/user/${adaId}`, undefined, unkeyed)).toMatchObject(isEmpty(401));
    expect(await call(sandbox, 'GET', `/api/user/${tenantId}`)).toMatchObject(isEmpty(404));
    expect(await login({ password: 'wrong' })).toMatchObject(isEmpty(404));
    await patchAda({ expiry: sandbox.clock.now() });
    expect(await login()).toMatchObject(isEmpty(410));
    await api(sandbox, 'DELETE', `/api/user/${adaId}`);
    expect(await login()).toMatchObject(isEmpty(423));
  });

  it('errors are by field or general, only with 400, and OAuth errors only below /oauth2', async () => {
    const byField = await call(sandbox, 'POST', '/api/user', { user: { email: 'none' } });
    expect([byField.status, Object.keys(byField.body)]).toEqual([400, ['fieldErrors']]);
    const general = await call(sandbox, 'DELETE', '/api/jwt/refresh');
    expect([general.status, Object.keys(general.body)]).toEqual([400, ['generalErrors']]);
    const oauth = await requestToken(sandbox, { grant_type: 'none', client_id: applicationId });
    expect([oauth.status, Object.keys(oauth.body).sort()]).toEqual([
      400,
      ['error', 'error_description', 'error_reason'],
    ]);
  });

  it('an API key is the bare value of Authorization; with Bearer it is 401', async () => {
    const key = sandbox.secrets['FUSIONAUTH_API_KEY']!;
    const statusWith = async (authorization: string) =>
      (await call(sandbox, 'GET', `/api/group/${probeGroupId}`, undefined, { authorization })).status;
    expect([await statusWith(key), await statusWith(`Bearer ${key}`)]).toEqual([200, 401]);
  });

  it('a new API key may be refused for up to a minute, and a deleted one may work for as long', async () => {
    sandbox.settings.keyCacheDelaySeconds = 60;
    const headers = { authorization: sandbox.secrets['FUSIONAUTH_MANAGER_KEY']! };
    const apiKey = { permissions: { endpoints: { '/api/group': ['GET'] } } };
    const { body } = await call(sandbox, 'POST', '/api/api-key', { apiKey }, headers);
    const { id, key } = body['apiKey'] as { id: string; key: string };
    const probe = async () =>
      (await call(sandbox, 'GET', `/api/group/${probeGroupId}`, undefined, { authorization: key })).status;
    const statuses = [await probe()];
    sandbox.clock.advance(60_000);
    statuses.push(await probe());
    await call(sandbox, 'DELETE', `/api/api-key/${id}`, undefined, headers);
    statuses.push(await probe());
    sandbox.clock.advance(60_000);
    statuses.push(await probe());
    expect(statuses).toEqual([401, 200, 200, 401]);
  });

  it('times in tokens are seconds, instants in answers milliseconds', async () => {
    const { body } = await login();
    const { exp, iat } = decodeJwt(body['token'] as string);
    const { insertInstant } = body['user'] as { insertInstant: number };
    expect([exp! < 1e11, iat! < 1e11, insertInstant > 1e11]).toEqual([true, true, true]);
    expect(body['tokenExpirationInstant']).toBe(exp! * 1000);
  });

  it('PATCH with application/json appends to lists and keeps duplicates, except in sets', async () => {
    const path = `/api/application/${applicationId}`;
    const oauthConfiguration = {
      authorizedRedirectURLs: ['http://127.0.0.1:3001/callback'],
      enabledGrants: ['refresh_token'],
    };
    const { body } = await call(sandbox, 'PATCH', path, { application: { oauthConfiguration } });
    const { authorizedRedirectURLs: urls, enabledGrants } = (
      body as { application: { oauthConfiguration: Record<string, string[]> } }
    ).application.oauthConfiguration;
    expect(urls?.filter((url) => url === 'http://127.0.0.1:3001/callback')).toHaveLength(2);
    expect(enabledGrants?.filter((grant) => grant === 'refresh_token')).toHaveLength(1);
  });

  it('limits are checked: 600 seconds for a code, a day for the grace of a refresh token', async () => {
    const refused = async (tenant: object) =>
      (await call(sandbox, 'PATCH', `/api/tenant/${tenantId}`, { tenant })).status;
    const seconds = (value: number) => ({
      externalIdentifierConfiguration: { authorizationGrantIdTimeToLiveInSeconds: value },
    });
    const grace = (value: number) => ({
      jwtConfiguration: { refreshTokenOneTimeUseConfiguration: { gracePeriodInSeconds: value } },
    });
    expect([await refused(seconds(601)), await refused(seconds(600))]).toEqual([400, 200]);
    expect([await refused(grace(86_400)), await refused(grace(86_399))]).toEqual([400, 200]);
  });

  it('the deletion of a tenant with async=true is answered 202', async () => {
    const { body } = await call(sandbox, 'POST', '/api/tenant', { tenant: { name: 'Other' } });
    const { id } = body['tenant'] as { id: string };
    expect(await call(sandbox, 'DELETE', `/api/tenant/${id}?async=true`)).toMatchObject(isEmpty(202));
  });

  it('a registration is also created, replaced and patched with the application in the path', async () => {
    const path = `/api/user/registration/${adaId}/${applicationId}`;
    await api(sandbox, 'DELETE', path);
    const roles = async (method: string, registration: object) => {
      const { body } = await call(sandbox, method, path, { registration });
      return (body['registration'] as { roles: string[] }).roles;
    };
    expect(await roles('POST', { roles: ['todo-reader'] })).toEqual(['todo-reader']);
    expect(await roles('PUT', { roles: ['todo-writer'] })).toEqual(['todo-writer']);
    expect(await roles('PATCH', { roles: ['todo-reader'] })).toEqual(['todo-writer', 'todo-reader']);
  });
});
