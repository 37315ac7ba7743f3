import { randomUUID } from 'node:crypto';
import { applicationId, call, configure, exchange, logIn, newCode, refresh } from '../started-sandbox.js';
import { sandbox } from './ground.js';

/** Makes a thing and resolves with its path. */
async function made(path: string, body: object): Promise<string> {
  const at = `${path}/${randomUUID()}`;
  expect((await call(sandbox, 'POST', at, body)).status).toBe(200);
  return at;
}
const status = async (method: string, path: string): Promise<number> =>
  (await call(sandbox, method, path)).status;

describe('what was set up', () => {
  it.each([
    ['a group', '/api/group', { group: { name: 'Passing' } }, ''],
    ['an application', '/api/application', { application: { name: 'Passing' } }, '?hardDelete=true'],
    ['a tenant', '/api/tenant', { tenant: { name: 'Passing' } }, ''],
    ['a user action', '/api/user-action', { userAction: { name: 'Passing' } }, '?hardDelete=true'],
  ])('is gone after %s is deleted', async (_what, path, body, query) => {
    const at = await made(path, body);
    expect(await status('DELETE', at + query)).toBe(200);
    expect(await status('GET', at)).toBe(404);
    expect(await status('DELETE', at + query)).toBe(404);
  });

  it('is only deactivated without hardDelete', async () => {
    const at = await made('/api/application', { application: { name: 'Resting' } });
    expect(await status('DELETE', at)).toBe(200);
    const { body } = await call(sandbox, 'GET', at);
    expect(body['application']).toMatchObject({ active: false });
  });

  it('goes with a tenant, its users and their families included', async () => {
    const tenant = await made('/api/tenant', { tenant: { name: 'Passing' } });
    const headers = { 'x-fusionauth-tenantid': tenant.replace('/api/tenant/', '') };
    const user = { email: 'dana@example.com', password: 'password of dana' };
    const created = await call(sandbox, 'POST', '/api/user', { user }, headers);
    const { id } = created.body['user'] as { id: string };
    const family = await made('/api/user/family', { familyMember: { userId: id, role: 'Adult' } });
    expect(await status('DELETE', tenant)).toBe(200);
    expect([await status('GET', `/api/user/${id}`), await status('GET', family)]).toEqual([404, 404]);
  });
});

describe('an application that is deactivated', () => {
  const off = () => call(sandbox, 'DELETE', `/api/application/${applicationId}`);
  const login = () => ({
    loginId: 'ada@example.com',
    password: sandbox.secrets['ADA_PASSWORD'],
    applicationId,
  });

  it('exchanges no code and no refresh token until it is reactivated', async () => {
    const { refresh_token } = await logIn(sandbox);
    const { code, verifier } = await newCode(sandbox);
    await off();
    const unknown = { status: 401, body: { error: 'invalid_client', error_reason: 'invalid_client_id' } };
    expect(await exchange(sandbox, code, verifier)).toMatchObject(unknown);
    expect(await refresh(sandbox, refresh_token!)).toMatchObject(unknown);
    await call(sandbox, 'PUT', `/api/application/${applicationId}?reactivate=true`);
    expect(await refresh(sandbox, refresh_token!)).toMatchObject({ status: 200 });
  });

  it('accepts no log-in and renews no token of the Login API', async () => {
    const loginConfiguration = { generateRefreshTokens: true, allowTokenRefresh: true };
    await configure(sandbox, { loginConfiguration });
    const { body } = await call(sandbox, 'POST', '/api/login', login());
    const renew = () => call(sandbox, 'POST', '/api/jwt/refresh', { refreshToken: body['refreshToken'] });
    expect((await renew()).status).toBe(200);
    await off();
    expect((await call(sandbox, 'POST', '/api/login', login())).body['fieldErrors']).toHaveProperty([
      'applicationId',
    ]);
    expect((await renew()).status).toBe(400);
  });
});
