import { decodeJwt } from 'jose';
import {
  adaId,
  applicationId,
  authorize,
  call,
  configure,
  exchange,
  logIn,
  newCode,
  postForm,
  postLogIn,
  redirected,
  refresh,
} from '../../started-sandbox.js';
import { login, sandbox } from '../ground.js';

const entityToken = async (scope: string) => {
  const { body } = await postForm(sandbox, '/oauth2/token', {
    grant_type: 'client_credentials',
    client_id: '2d7f9a10-4b6c-4e8d-9f21-7c5e3a1b0d44',
    client_secret: sandbox.secrets['REMINDER_ENTITY_SECRET'],
    scope,
  });
  return decodeJwt(body['access_token'] as string);
};
const todoApi = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';

describe('FusionAuth’s tokens', () => {
  it('an audience is a string, or with several targets a list, and permissions are a map by entity', async () => {
    const { body } = await call(sandbox, 'POST', '/api/entity', {
      entity: { name: 'Other', type: { id: '6e1c2f7a-90b4-4d53-8f0e-3a7d5b9c1e02' } },
    });
    const { id } = body['entity'] as { id: string };
    await call(sandbox, 'POST', `/api/entity/${id}/grant`, {
      grant: { recipientEntityId: '2d7f9a10-4b6c-4e8d-9f21-7c5e3a1b0d44', permissions: [] },
    });
    const one = await entityToken(`target-entity:${todoApi}`);
    const two = await entityToken(`target-entity:${todoApi} target-entity:${id}`);
    expect([one.aud, one['permissions']]).toEqual([todoApi, { [todoApi]: ['todo-auditor'] }]);
    expect([two.aud, two['permissions']]).toEqual([[todoApi, id], { [todoApi]: ['todo-auditor'], [id]: [] }]);
  });

  it('access tokens have the claim tty only with the setting', async () => {
    expect(decodeJwt((await logIn(sandbox)).access_token)).not.toHaveProperty('tty');
    sandbox.settings.tty = true;
    expect(decodeJwt((await logIn(sandbox)).access_token)['tty']).toBe('at');
    expect(decodeJwt((await login()).body['token'] as string)['tty']).toBe('at');
  });

  it('a refresh token is single-use, except within the grace period', async () => {
    const { refresh_token: first = '' } = await logIn(sandbox);
    const second = (await refresh(sandbox, first)).body.refresh_token;
    expect((await refresh(sandbox, first)).body.refresh_token).toBe(second);
    sandbox.clock.advance(60_000);
    expect((await refresh(sandbox, first)).body.error).toBe('invalid_grant');
    expect((await refresh(sandbox, second!)).status).toBe(200);
  });

  it('the reuse of a refresh token revokes the session if the policy requires it', async () => {
    const refreshTokenRevocationPolicy = { onOneTimeTokenReuse: true };
    await configure(sandbox, { jwtConfiguration: { refreshTokenRevocationPolicy } });
    const { refresh_token: first = '' } = await logIn(sandbox);
    const second = (await refresh(sandbox, first)).body.refresh_token;
    sandbox.clock.advance(60_000);
    await refresh(sandbox, first);
    expect((await refresh(sandbox, second!)).body.error).toBe('invalid_grant');
  });

  it('a code is single-use and valid for thirty seconds', async () => {
    const [used, late] = [await newCode(sandbox), await newCode(sandbox)];
    const statusOf = async ({ code, verifier }: typeof used) =>
      (await exchange(sandbox, code, verifier)).status;
    expect([await statusOf(used), await statusOf(used)]).toEqual([200, 400]);
    sandbox.clock.advance(30_000);
    expect(await statusOf(late)).toBe(400);
  });

  it('PKCE is S256 only', async () => {
    const answer = await authorize(sandbox, { code_challenge_method: 'plain' });
    expect(answer.headers.get('location')).toContain('invalid_pkce_code_challenge_method');
  });

  it('a populate lambda that throws changes nothing: the token is issued without its claims', async () => {
    const body = 'function populate(jwt) { jwt.team = "blue"; throw new Error("no"); }';
    const lambda = { name: 'Throws', type: 'JWTPopulate', body };
    const { id } = (await call(sandbox, 'POST', '/api/lambda', { lambda })).body['lambda'] as { id: string };
    await configure(sandbox, { lambdaConfiguration: { accessTokenPopulateId: id } });
    expect(decodeJwt((await logIn(sandbox)).access_token)).not.toHaveProperty('team');
  });

  it('a UserInfoPopulate lambda changes all claims but the reserved ones', async () => {
    const body =
      'function populate(u, user, registration, jwt) { u.sub = "x"; u.seen = [user.email, registration.roles.length, jwt.sub]; }';
    const lambda = { name: 'Userinfo', type: 'UserInfoPopulate', body };
    const { id } = (await call(sandbox, 'POST', '/api/lambda', { lambda })).body['lambda'] as { id: string };
    await configure(sandbox, { lambdaConfiguration: { userinfoPopulateId: id } });
    const authorization = `Bearer ${(await logIn(sandbox)).access_token}`;
    const answer = await fetch(`${sandbox.url}/oauth2/userinfo`, { headers: { authorization } });
    const seen = ['ada@example.com', expect.any(Number), adaId];
    expect(await answer.json()).toMatchObject({ sub: adaId, seen });
  });

  it('an application may name a lambda only of the type that runs there, and PATCH does not change the type', async () => {
    const lambda = { name: 'Populate', type: 'JWTPopulate', body: 'function populate() {}' };
    const { id } = (await call(sandbox, 'POST', '/api/lambda', { lambda })).body['lambda'] as { id: string };
    const change = { lambda: { type: 'UserInfoPopulate' } };
    expect((await call(sandbox, 'PATCH', `/api/lambda/${id}`, change)).body).toMatchObject({ lambda });
    const naming = (member: string) =>
      call(sandbox, 'PATCH', `/api/application/${applicationId}`, {
        application: { lambdaConfiguration: { [member]: id } },
      });
    const { status, text } = await naming('userinfoPopulateId');
    expect([status, text]).toEqual([400, expect.stringContaining('of the type UserInfoPopulate')]);
    expect((await naming('idTokenPopulateId')).status).toBe(200);
  });

  it('userinfo takes an ID token only under the scope policy Compatibility', async () => {
    const userinfo = async () => {
      const { id_token } = await logIn(sandbox);
      const headers = { authorization: `Bearer ${id_token}` };
      return (await fetch(`${sandbox.url}/oauth2/userinfo`, { headers })).status;
    };
    await configure(sandbox, { oauthConfiguration: { scopeHandlingPolicy: 'Strict' } });
    expect(await userinfo()).toBe(401);
    await configure(sandbox, { oauthConfiguration: { scopeHandlingPolicy: 'Compatibility' } });
    expect(await userinfo()).toBe(200);
  });

  it('a redirect says in userState what is not verified', async () => {
    const userState = async () => redirected(await postLogIn(sandbox)).get('userState');
    expect(await userState()).toBe('Authenticated');
    await call(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { verified: false } });
    expect(await userState()).toBe('AuthenticatedNotVerified');
    await call(sandbox, 'PUT', `/api/user/registration/${adaId}`, {
      registration: { applicationId, verified: false },
    });
    expect(await userState()).toBe('AuthenticatedRegistrationNotVerified');
  });

  it('the owner revokes a refresh token by the access token in the cookie, too', async () => {
    const { access_token, refresh_token = '' } = await logIn(sandbox);
    const headers = { cookie: `access_token=${access_token}` };
    const path = `${sandbox.url}/api/jwt/refresh?token=${refresh_token}`;
    expect((await fetch(path, { method: 'DELETE', headers })).status).toBe(200);
    expect((await refresh(sandbox, refresh_token)).status).toBe(400);
  });
});
