import { readWebhookEvent } from './webhook-event.js';

const userId = '0b3b4c0e-5d60-4a5e-9d0a-8b1f2c3d4e5f';
const applicationId = 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c';
const tenantId = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
const sessionId = '5e2f7d10-91c4-4f0b-8a6d-3b7c9e1f2a44';
const actionId = '9c1d2e3f-4a5b-4c6d-8e7f-0a1b2c3d4e5f';

const common = {
  id: 'e502168a-b469-45d9-a079-fd45f83e0406',
  createInstant: 1_760_000_000_123,
  tenantId,
  info: { ipAddress: '192.0.2.7', userAgent: 'Firefox' },
  linkedObjectId: userId,
};
const about = { id: common.id, createInstant: common.createInstant, tenantId };
const user = { id: userId, tenantId, email: 'ada@example.com', firstName: 'Ada', data: { secret: 'x' } };
const read = (event: object) => readWebhookEvent({ event: { ...common, ...event } });

describe('an event of FusionAuth', () => {
  const revoke = 'jwt.refresh-token.revoke';
  const nothing = { refreshTokenId: undefined, userId: undefined, applicationId: undefined };

  it.each([
    [
      'one token',
      {
        refreshToken: { id: sessionId, token: 'live-token', userId },
        userId,
        user,
        applicationId,
        applicationTimeToLiveInSeconds: { [applicationId]: 3600 },
      },
      { refreshTokenId: sessionId, userId, applicationId, applicationIds: [applicationId] },
    ],
    [
      'all tokens of a user',
      { userId, user, applicationTimeToLiveInSeconds: { [applicationId]: 3600, [tenantId]: 60 } },
      { userId, applicationIds: [applicationId, tenantId] },
    ],
    ['a user who is named by the user alone', { user, applicationId }, { userId, applicationId }],
    ['all tokens of an application', { applicationId }, { applicationId }],
    [
      'members that are null',
      { userId, applicationId: null, refreshToken: null, applicationTimeToLiveInSeconds: null, user: null },
      { userId },
    ],
  ])('says which refresh tokens are revoked: %s', (_what, members, expected) => {
    expect(read({ type: revoke, ...members })).toEqual({
      ...about,
      type: revoke,
      ...nothing,
      applicationIds: [],
      ...expected,
    });
  });

  it.each(['user.deactivate', 'user.delete'])('says whom %s concerns', (type) => {
    expect(read({ type, user: { ...user, active: false } })).toEqual({ ...about, type, userId });
  });

  it.each(['start', 'modify', 'cancel', 'end'])('says on whom an action was taken, in phase %s', (phase) => {
    const event = { type: 'user.action', actionId, actioneeUserId: userId, phase, action: 'Lock' };
    const expected = { ...about, type: 'user.action', actionId, userId, phase };
    expect(read(event)).toEqual({ ...expected, applicationIds: [] });
    expect(read({ ...event, applicationIds: [applicationId] })).toEqual({
      ...expected,
      applicationIds: [applicationId],
    });
  });

  it.each(['user.registration.delete', 'user.registration.update'])(
    'says whose registration %s concerns',
    (type) => {
      const event = { type, applicationId, user, registration: { id: actionId, applicationId, roles: [] } };
      expect(read(event)).toEqual({ ...about, type, applicationId, userId });
    },
  );

  it('says for which applications public keys changed', () => {
    const type = 'jwt.public-key.update';
    expect(read({ type, applicationIds: [applicationId] })).toEqual({
      ...about,
      type,
      applicationIds: [applicationId],
    });
    expect(read({ type })).toEqual({ ...about, type, applicationIds: [] });
  });

  it('belongs to the user’s tenant if it names none itself', () => {
    const type = 'user.delete';
    expect(read({ type, tenantId: undefined, user })).toMatchObject({ tenantId });
    expect(read({ type, user: { ...user, tenantId: applicationId } })).toMatchObject({ tenantId });
    expect(read({ type, tenantId: undefined, user: { id: userId } })).toMatchObject({ tenantId: undefined });
    const keys = read({ type: 'jwt.public-key.update', tenantId: undefined });
    expect(keys).toMatchObject({ tenantId: undefined });
  });

  it('has its ids in lower case', () => {
    const shout = (text: string) => text.toUpperCase();
    const event = readWebhookEvent({
      event: {
        type: revoke,
        id: shout(common.id),
        createInstant: 1,
        tenantId: shout(tenantId),
        userId: shout(userId),
        applicationId: shout(applicationId),
        refreshToken: { id: shout(sessionId) },
        applicationTimeToLiveInSeconds: { [shout(applicationId)]: 1 },
      },
    });
    expect(event).toEqual({
      type: revoke,
      id: common.id,
      createInstant: 1,
      tenantId,
      userId,
      applicationId,
      refreshTokenId: sessionId,
      applicationIds: [applicationId],
    });
  });

  it.each(['user.login.success', 'kickstart.success', 'test'])(
    'that does not concern tokens has only a name: %s',
    (type) => {
      expect(readWebhookEvent({ event: { type, user } })).toEqual({ type: 'other', name: type });
    },
  );

  it.each<[string, unknown]>([
    ['no object', 'user.delete'],
    ['nothing', undefined],
    ['no event', { id: common.id, type: 'user.delete' }],
    ['an event without a type', { event: common }],
    ['an event whose type is empty', { event: { ...common, type: '' } }],
    ['a revocation of nothing', { event: { ...common, type: revoke } }],
    ['a user without an id', { event: { ...common, type: 'user.delete', user: {} } }],
    ['an id that is not one', { event: { ...common, type: 'user.delete', user: { id: 'ada\u0000' } } }],
    ['an event without an id', { event: { ...common, type: 'user.delete', user, id: undefined } }],
    ['an instant that is a text', { event: { ...common, type: 'user.delete', user, createInstant: 'now' } }],
    ['an instant before all time', { event: { ...common, type: 'user.delete', user, createInstant: -1 } }],
    [
      'an instant of half a millisecond',
      { event: { ...common, type: 'user.delete', user, createInstant: 0.5 } },
    ],
    [
      'an action on nobody',
      { event: { ...common, type: 'user.action', actionId, actioneeId: userId, phase: 'start' } },
    ],
    [
      'an action in a phase that is not documented',
      { event: { ...common, type: 'user.action', actionId, actioneeUserId: userId, phase: 'rise' } },
    ],
    ['a registration for nothing', { event: { ...common, type: 'user.registration.delete', user } }],
  ])('is not read from %s', (_what, value) => {
    expect(readWebhookEvent(value)).toBeUndefined();
  });
});
