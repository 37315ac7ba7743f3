import {
  adaId,
  api,
  applicationId,
  call,
  configure,
  lock,
  lockActionId,
  postLogIn,
  tenantId,
} from '../started-sandbox.js';
import { addWebhook, sendEvents } from '../webhook-receiver.js';
import { del, events, receiver, sandbox, session } from './ground.js';

beforeEach(async () => {
  await sendEvents(sandbox);
  await addWebhook(sandbox, receiver.url);
});

const anyone = { id: adaId, email: 'ada@example.com', active: true };
const lifetimes = { [applicationId]: 300 };
const common = {
  createInstant: expect.any(Number),
  id: expect.any(String),
  info: { ipAddress: '127.0.0.1', userAgent: 'node' },
  tenantId,
};
const revoke = { ...common, type: 'jwt.refresh-token.revoke', applicationTimeToLiveInSeconds: lifetimes };
const userAsItIs = async () => (await call(sandbox, 'GET', `/api/user/${adaId}`)).body['user'] as object;
const only = async () => {
  const all = await events();
  expect(all).toHaveLength(1);
  return all[0]!;
};
const types = async () => (await events()).map(({ type }) => type);
const lifetimeOf = async () => {
  const { body } = await call(sandbox, 'GET', `/api/application/${applicationId}`);
  const { jwtConfiguration } = body['application'] as { jwtConfiguration: { timeToLiveInSeconds: number } };
  return jwtConfiguration.timeToLiveInSeconds;
};

describe('jwt.refresh-token.revoke', () => {
  beforeEach(async () => {
    lifetimes[applicationId] = await lifetimeOf();
  });

  it.each<[string, (one: { id: string; refreshToken: string }) => Promise<unknown>]>([
    ['its id', ({ id }) => del(`/api/jwt/refresh/${id}`)],
    ['its value', ({ refreshToken }) => del(`/api/jwt/refresh?token=${refreshToken}`)],
    ['a log-out', ({ refreshToken }) => call(sandbox, 'POST', '/api/logout', { refreshToken })],
  ])('names a single token that is revoked by %s, and not its value', async (_way, end) => {
    const one = await session();
    await end(one);
    const event = await only();
    expect(event).toEqual({
      ...revoke,
      linkedObjectId: adaId,
      applicationId,
      refreshToken: expect.objectContaining({ id: one.id, applicationId, userId: adaId, tenantId }),
      userId: adaId,
      user: await userAsItIs(),
    });
    expect(JSON.stringify(event)).not.toContain(one.refreshToken);
  });

  it.each<[string, (one: { refreshToken: string }) => Promise<unknown>]>([
    ['by the user’s id', () => del(`/api/jwt/refresh?userId=${adaId}`)],
    [
      'by a global log-out',
      ({ refreshToken }) => call(sandbox, 'POST', '/api/logout', { refreshToken, global: true }),
    ],
    [
      'by a change of the password',
      () => call(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { password: 'another one' } }),
    ],
  ])('names a user when all of the user’s tokens are revoked %s', async (_way, end) => {
    const before = await userAsItIs();
    const one = await session();
    await session();
    await end(one);
    const { user, ...event } = await only();
    expect(event).toEqual({ ...revoke, linkedObjectId: adaId, userId: adaId });
    expect(Object.keys(user as object)).toEqual(expect.arrayContaining(Object.keys(before)));
    expect(user).not.toHaveProperty('password');
  });

  it('names user and application where the tokens of one in the other are revoked', async () => {
    await session();
    await del(`/api/jwt/refresh?userId=${adaId}&applicationId=${applicationId}`);
    expect(await only()).toEqual({
      ...revoke,
      linkedObjectId: adaId,
      applicationId,
      userId: adaId,
      user: expect.objectContaining(anyone),
    });
  });

  it('names no user where all tokens of an application are revoked', async () => {
    await session();
    await del(`/api/jwt/refresh?applicationId=${applicationId}`);
    expect(await only()).toEqual({ ...revoke, applicationId });
  });

  it.each([
    ['never had any', () => Promise.resolve()],
    [
      'has only an expired one',
      async () => {
        await session();
        sandbox.clock.advance(365 * 86_400_000);
      },
    ],
  ])('is not sent where a user %s', async (_why, prepare) => {
    await prepare();
    await del(`/api/jwt/refresh?userId=${adaId}`);
    await call(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { password: 'another one' } });
    expect(await events()).toEqual([]);
  });

  it('is not sent by a log-out of the browser, nor by one without a session', async () => {
    const { refreshToken } = await session();
    const cookie = `refresh_token=${refreshToken}`;
    await fetch(`${sandbox.url}/oauth2/logout?client_id=${applicationId}`, {
      redirect: 'manual',
      headers: { cookie },
    });
    await call(sandbox, 'POST', '/api/logout', { refreshToken: 'unknown' });
    expect(await events()).toEqual([]);
  });

  it('is not sent if the policy keeps sessions when the password changes', async () => {
    await configure(sandbox, {
      jwtConfiguration: { refreshTokenRevocationPolicy: { onPasswordChanged: false } },
    });
    await session();
    await call(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { password: 'another one' } });
    expect(await events()).toEqual([]);
  });

  it('is not sent for a new password that is refused with the address of another user', async () => {
    await session();
    const user = { email: 'bruno@example.com', password: 'another one' };
    const refused = await call(sandbox, 'PATCH', `/api/user/${adaId}`, { user });
    expect([refused.status, await events()]).toEqual([400, []]);
  });
});

describe('events about a user', () => {
  it('report a deactivation, with the user as it will be', async () => {
    await session();
    await del(`/api/user/${adaId}`);
    expect(await only()).toEqual({
      ...common,
      type: 'user.deactivate',
      linkedObjectId: adaId,
      user: await userAsItIs(),
    });
    expect(await userAsItIs()).toMatchObject({ active: false, registrations: [{ applicationId }] });
  });

  it('report a deletion, but not the sessions and registrations deleted with it', async () => {
    await session();
    const user = await userAsItIs();
    await del(`/api/user/${adaId}?hardDelete=true`);
    expect(await only()).toEqual({ ...common, type: 'user.delete', linkedObjectId: adaId, user });
  });

  it('report each user of a deleted tenant', async () => {
    const other = '11111111-2222-4333-8444-555555555555';
    const headers = { 'x-fusionauth-tenantid': other };
    const copy = { sourceTenantId: tenantId, tenant: { name: 'Other' } };
    await call(sandbox, 'POST', `/api/tenant/${other}`, copy);
    const user = { email: 'dana@example.com', password: 'password of dana' };
    const created = await call(sandbox, 'POST', '/api/user', { user }, headers);
    await del(`/api/tenant/${other}`);
    const { id } = created.body['user'] as { id: string };
    expect(await only()).toMatchObject({ type: 'user.delete', tenantId: other, linkedObjectId: id });
  });

  it('report a deleted registration, with its authentication token and without the user’s others', async () => {
    const made = await call(sandbox, 'PUT', `/api/user/registration/${adaId}`, {
      registration: { applicationId, roles: ['todo-reader'] },
      generateAuthenticationToken: true,
    });
    await sandbox.webhooks.settled();
    receiver.received.length = 0;
    await del(`/api/user/registration/${adaId}/${applicationId}`);
    const { registration, user, ...event } = await only();
    expect(event).toEqual({
      ...common,
      type: 'user.registration.delete',
      linkedObjectId: adaId,
      applicationId,
    });
    expect(registration).toMatchObject({ authenticationToken: expect.stringMatching(/^[\w-]{43}$/) });
    expect(registration).toEqual(made.body['registration']);
    expect(user).toMatchObject(anyone);
    expect(user).not.toHaveProperty('registrations');
  });

  it.each(['PUT', 'PATCH'])(
    'tell of a registration that is changed by %s, as it was and will be',
    async (method) => {
      const path = `/api/user/registration/${adaId}`;
      const original = (await call(sandbox, 'GET', `${path}/${applicationId}`)).body['registration'];
      await call(sandbox, method, path, { registration: { applicationId, data: { seat: 7 } } });
      const registration = (await call(sandbox, 'GET', `${path}/${applicationId}`)).body['registration'];
      expect(await only()).toMatchObject({
        type: 'user.registration.update',
        applicationId,
        original,
        registration,
        user: anyone,
      });
      expect(original).not.toEqual(registration);
    },
  );
});

describe('user.action', () => {
  const define = async (userAction: object) => {
    const { body } = await call(sandbox, 'POST', '/api/user-action', {
      userAction: { name: 'A lock', temporal: true, preventLogin: true, ...userAction },
    });
    return (body['userAction'] as { id: string }).id;
  };

  it('reports the start of an action, but not what it prevents', async () => {
    await lock(sandbox, adaId, { comment: 'Lost the laptop', applicationIds: [applicationId] });
    expect(await only()).toEqual({
      ...common,
      type: 'user.action',
      linkedObjectId: adaId,
      action: 'Locked after failed log-ins',
      actionId: lockActionId,
      actioneeUserId: adaId,
      actionerUserId: adaId,
      applicationIds: [applicationId],
      comment: 'Lost the laptop',
      emailedUser: false,
      expiry: expect.any(Number),
      localizedAction: 'Locked after failed log-ins',
      notifyUser: false,
      phase: 'start',
    });
  });

  it('precedes the revocation of the sessions that the action causes', async () => {
    await session();
    await lock(sandbox, adaId);
    expect((await types()).sort()).toEqual(['jwt.refresh-token.revoke', 'user.action']);
  });

  it('is the only event if the policy keeps the sessions', async () => {
    await configure(sandbox, {
      jwtConfiguration: { refreshTokenRevocationPolicy: { onLoginPrevented: false } },
    });
    await session();
    await lock(sandbox, adaId);
    expect(await types()).toEqual(['user.action']);
  });

  it('reports a change and a cancellation, and no end afterwards', async () => {
    const userActionId = await define({ sendEndEvent: true });
    const id = await lock(sandbox, adaId, { userActionId });
    await events();
    const expiry = sandbox.clock.now() + 7_200_000;
    const modify = { action: { actionerUserId: adaId, expiry, comment: 'Longer' } };
    expect((await call(sandbox, 'PUT', `/api/user/action/${id}`, modify)).body['action']).toMatchObject({
      expiry,
      comment: 'Longer',
    });
    await events();
    await del(`/api/user/action/${id}`, { action: { actionerUserId: adaId } });
    sandbox.clock.set(expiry);
    expect(await events()).toMatchObject([
      { phase: 'start' },
      { phase: 'modify', expiry, comment: 'Longer' },
      { phase: 'cancel' },
    ]);
    expect((await call(sandbox, 'PUT', `/api/user/action/${id}`, modify)).status).toBe(400);
  });

  it.each([
    [true, ['start', 'end']],
    [false, ['start']],
  ])(
    'tells once of the end by the sandbox’s clock where sendEndEvent is %s',
    async (sendEndEvent, phases) => {
      const userActionId = await define({ sendEndEvent });
      await lock(sandbox, adaId, { userActionId });
      await events();
      sandbox.clock.advance(3_599_000);
      expect(await events()).toHaveLength(1);
      sandbox.clock.advance(1000);
      await sandbox.webhooks.settled();
      sandbox.clock.advance(1000);
      expect((await events()).map(({ phase }) => phase)).toEqual(phases);
    },
  );

  it('has the largest number as the expiry of an action without one', async () => {
    const userActionId = await define({ temporal: false, preventLogin: false });
    await lock(sandbox, adaId, { userActionId, expiry: undefined });
    expect((await only())['expiry']).toBe(Number('9223372036854775807'));
  });

  it('reports the lock after failed log-ins, without an actioner', async () => {
    for (const _time of [1, 2, 3, 4]) await postLogIn(sandbox, { password: 'wrong' });
    expect(await events()).toEqual([]);
    await postLogIn(sandbox, { password: 'wrong' });
    const event = await only();
    expect(event).toMatchObject({ type: 'user.action', actioneeUserId: adaId, phase: 'start' });
    expect(event).not.toHaveProperty('actionerUserId');
  });
});

describe('jwt.public-key.update', () => {
  const update = { type: 'jwt.public-key.update', tenantId, applicationIds: [applicationId] };

  it.each<[string, () => Promise<unknown>]>([
    ['a rotation', () => sandbox.rotateKey()],
    [
      'the withdrawal of its key',
      async () => {
        const answer = await fetch(`${sandbox.url}/api/jwt/public-key?applicationId=${applicationId}`);
        const { publicKey } = (await answer.json()) as { publicKey: string };
        const { publicKeys } = (await (await fetch(`${sandbox.url}/api/jwt/public-key`)).json()) as {
          publicKeys: Record<string, string>;
        };
        const [kid] = Object.keys(publicKeys).filter((one) => publicKeys[one] === publicKey);
        await sandbox.withdrawKey(kid!);
      },
    ],
    ['another key of its own', () => configure(sandbox, { jwtConfiguration: { enabled: false } })],
  ])('names the application after %s, and no key', async (_what, change) => {
    await change();
    const { createInstant: _at, id: _id, info: _info, ...event } = await only();
    expect(event).toEqual(update);
  });

  it('names the applications that sign with a key of the tenant, when that changes', async () => {
    const { body } = await call(sandbox, 'POST', '/api/application', { application: { name: 'Other' } });
    const { id } = body['application'] as { id: string };
    const jwtConfiguration = { accessTokenKeyId: '5d0f7a66-2c51-4a5b-9f0e-6c1d2b3a4e5f' };
    for (const _time of [1, 2])
      await call(sandbox, 'PATCH', `/api/tenant/${tenantId}`, { tenant: { jwtConfiguration } });
    // FusionAuth's own application is among them.
    const applicationIds = expect.arrayContaining([id, '3c219e58-ed0e-4b18-ad48-f4f92793ae32']) as string[];
    expect(await only()).toMatchObject({ ...update, applicationIds });
  });

  it('names no application when an unused key is deleted', async () => {
    const answer = await call(sandbox, 'POST', '/api/key/generate', {
      key: { algorithm: 'ES256', name: 'x' },
    });
    await del(`/api/key/${(answer.body['key'] as { id: string }).id}`);
    expect(await only()).toMatchObject({ ...update, applicationIds: [] });
  });

  it.each([
    [`/api/application/${applicationId}`, 'application'],
    [`/api/tenant/${tenantId}`, 'tenant'],
  ])('is not sent for a refused change of %s', async (path, kind) => {
    const jwtConfiguration = { enabled: true, accessTokenKeyId: adaId };
    const refused = await call(sandbox, 'PATCH', path, { [kind]: { jwtConfiguration } });
    expect([refused.status, await events()]).toEqual([400, []]);
  });

  it('is not sent for a change of the application that leaves its keys alone', async () => {
    await configure(sandbox, { jwtConfiguration: { timeToLiveInSeconds: 120 } });
    expect(await events()).toEqual([]);
  });
});

it('no other event is sent', async () => {
  await api(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { firstName: 'Ada' } });
  await api(sandbox, 'PUT', `/api/user/${adaId}?reactivate=true`);
  await session();
  expect(await events()).toEqual([]);
});
