import {
  adaId,
  applicationId,
  call,
  configure,
  exchange,
  lock,
  lockActionId,
  logIn,
  newCode,
  postLogIn,
  refresh,
} from '../started-sandbox.js';
import { sandbox } from './ground.js';

const actionsOf = async (query = '&preventingLogin=true', userId = adaId) => {
  const { body } = await call(sandbox, 'GET', `/api/user/action?userId=${userId}${query}`);
  return body['actions'] as { id: string; expiry: number; name: string }[];
};
const define = (userAction: object) => call(sandbox, 'POST', '/api/user-action', { userAction });
const cancel = (actionId: string) =>
  call(sandbox, 'DELETE', `/api/user/action/${actionId}`, { action: { actionerUserId: adaId } });

describe('an action that prevents logging in', () => {
  it('is listed while it is active, by its log with an expiry in milliseconds', async () => {
    expect(await actionsOf()).toEqual([]);
    const id = await lock(sandbox, adaId, { comment: 'Lost the laptop' });
    const [action] = await actionsOf();
    expect(action).toMatchObject({
      id,
      actioneeUserId: adaId,
      userActionId: lockActionId,
      name: 'Locked after failed log-ins',
      comment: 'Lost the laptop',
    });
    sandbox.clock.set(action!.expiry);
    expect(await actionsOf()).toEqual([]);
    expect(await actionsOf('')).toHaveLength(1);
    expect(await actionsOf('&active=false')).toHaveLength(1);
    expect(await actionsOf('&active=true')).toEqual([]);
  });

  it('keeps only its user from logging in on the page', async () => {
    await lock(sandbox, adaId);
    expect((await postLogIn(sandbox)).status).toBe(200);
    const bruno = { loginId: 'bruno@example.com', password: sandbox.secrets['BRUNO_PASSWORD'] };
    expect((await postLogIn(sandbox, bruno)).status).toBe(302);
  });

  it('stops the exchange of an issued code, and the refresh of a session that the policy did not revoke', async () => {
    await configure(sandbox, {
      jwtConfiguration: { refreshTokenRevocationPolicy: { onLoginPrevented: false } },
    });
    const { refresh_token } = await logIn(sandbox);
    const { code, verifier } = await newCode(sandbox);
    const id = await lock(sandbox, adaId);
    for (const { status, body } of [
      await exchange(sandbox, code, verifier),
      await refresh(sandbox, refresh_token!),
    ])
      expect([status, body.error_reason]).toEqual([400, 'login_prevented']);

    await cancel(id);
    expect((await refresh(sandbox, refresh_token!)).status).toBe(200);
  });

  it('that names applications affects only those', async () => {
    const { body } = await call(sandbox, 'POST', '/api/application', { application: { name: 'Other' } });
    const { id } = body['application'] as { id: string };
    const { refresh_token } = await logIn(sandbox);
    await lock(sandbox, adaId, { applicationIds: [id] });
    expect(await actionsOf()).toHaveLength(1);
    expect((await refresh(sandbox, refresh_token!)).status).toBe(200);
    expect((await postLogIn(sandbox)).status).toBe(302);
    await lock(sandbox, adaId, { applicationIds: [applicationId] });
    expect((await postLogIn(sandbox)).status).toBe(200);
  });

  it('is cancelled once, with immediate effect', async () => {
    const id = await lock(sandbox, adaId);
    expect(await cancel(id)).toMatchObject({ status: 200, body: { action: { id } } });
    expect(await actionsOf()).toEqual([]);
    expect((await postLogIn(sandbox)).status).toBe(302);
    expect((await cancel(id)).status).toBe(400);
    expect((await call(sandbox, 'GET', `/api/user/action/${id}`)).body['action']).toMatchObject({ id });
    expect((await cancel(adaId)).status).toBe(404);
  });

  it('is deleted with its user', async () => {
    await lock(sandbox, adaId);
    await call(sandbox, 'DELETE', `/api/user/${adaId}?hardDelete=true`);
    expect((await call(sandbox, 'GET', `/api/user/action?userId=${adaId}`)).status).toBe(404);
  });
});

describe('an action that prevents nothing', () => {
  it('is taken and listed, and its user can still log in', async () => {
    const { body } = await define({ name: 'A warning', temporal: false });
    const { id: userActionId } = body['userAction'] as { id: string };
    await lock(sandbox, adaId, { userActionId, expiry: undefined });
    expect(await actionsOf('')).toHaveLength(1);
    expect(await actionsOf()).toEqual([]);
    await logIn(sandbox);
  });
});

describe('a user action', () => {
  it.each([
    ['without a name', {}, '[blank]userAction.name'],
    ['with the name of another', { name: 'Locked after failed log-ins' }, '[duplicate]userAction.name'],
    ['that prevents logging in for good', { name: 'x', preventLogin: true }, '[invalid]userAction.temporal'],
  ])('%s is refused', async (_case, userAction, code) => {
    const { status, text } = await define(userAction);
    expect([status, text]).toEqual([400, expect.stringContaining(code)]);
  });

  it.each([
    ['an unknown action', { userActionId: adaId }, 'action.userActionId'],
    ['an unknown actioner', { actionerUserId: lockActionId }, 'action.actionerUserId'],
    ['an unknown application', { applicationIds: [adaId] }, 'action.applicationIds'],
    ['no expiry', { expiry: undefined }, 'action.expiry'],
  ])('is not taken with %s', async (_case, changes, field) => {
    await expect(lock(sandbox, adaId, changes)).rejects.toThrow(field);
    expect(await actionsOf('')).toEqual([]);
  });

  it('cannot be taken on an unknown user', async () => {
    await expect(lock(sandbox, lockActionId)).rejects.toThrow('locking failed');
  });
});
