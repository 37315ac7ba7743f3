import { adaId, api, call, introspect, lock, logIn } from '../../started-sandbox.js';
import { sandbox } from '../ground.js';

const validate = (token: string) =>
  call(sandbox, 'GET', '/api/jwt/validate', undefined, { authorization: `Bearer ${token}` });
const isEmpty = (status: number) => ({ status, text: '' });

describe('FusionAuth’s introspection', () => {
  it('introspection and validation notice no lock, no log-out and no revocation by default', async () => {
    const { access_token, refresh_token } = await logIn(sandbox);
    await call(sandbox, 'POST', '/api/logout', { refreshToken: refresh_token });
    await lock(sandbox, adaId);
    await api(sandbox, 'DELETE', `/api/user/${adaId}`);
    expect((await introspect(sandbox, access_token)).body['active']).toBe(true);
    expect((await validate(access_token)).status).toBe(200);
  });

  it('the setting strictIntrospection, off by default, makes them notice', async () => {
    expect(sandbox.settings.strictIntrospection).toBe(false);
    sandbox.settings.strictIntrospection = true;
    const { access_token } = await logIn(sandbox);
    await api(sandbox, 'DELETE', `/api/user/${adaId}`);
    expect((await introspect(sandbox, access_token)).text).toBe('{"active":false}');
    expect(await validate(access_token)).toMatchObject(isEmpty(401));
  });
});
